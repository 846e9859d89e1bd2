# Both can be replaced, by a mirror's copy or by one with a digest.
ARG BUILD_IMAGE=node:24-bookworm-slim
# Distroless: the official node binary, Debian's libraries, certificates, and nothing else: no shell, no package
# manager, no npm. It is signed by its maintainers (cosign) and the smallest of the three compared: slim is half as large
# again, and Alpine's node is an unofficial build on another libc. Its Debian 12 edition is no longer built for node.
ARG NODE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

# JavaScript is the same for every architecture, so all but the last stage runs on the builder's own.
FROM --platform=${BUILDPLATFORM} ${BUILD_IMAGE} AS sources
WORKDIR /build
COPY package.json package-lock.json .npmrc ./

FROM sources AS bundle
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src src/
RUN npm run bundle

# The bundle holds the production dependencies. Their licences go along, and the package.json that scanners look for.
FROM sources AS notices
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
  && find node_modules ! -type d ! -iname 'licen[cs]e*' ! -regex '.*node_modules/\(@[^/]*/\)?[^/]*/package.json' -delete \
  && find node_modules -type d -empty -delete

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="matrix-well-known" \
      org.opencontainers.image.description="Serves a Matrix server name's well-known documents" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Left to itself, node takes more memory than a small container has before it collects any garbage.
ENV PATH=/nodejs/bin:${PATH} \
    NODE_OPTIONS="--max-old-space-size=24 --max-semi-space-size=1"
WORKDIR /app
COPY --from=notices /build/package.json ./
COPY --from=notices /build/node_modules node_modules/
COPY --from=bundle /build/bundle bundle/
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --start-interval=1s --retries=3 \
  CMD ["node", "/app/bundle/cli.js", "healthcheck"]
# Compiling in threads of its own costs 14 MB under load and gains nothing here; NODE_OPTIONS does not take this one.
ENTRYPOINT ["node", "--no-concurrent-recompilation", "/app/bundle/cli.js"]
CMD ["serve"]
