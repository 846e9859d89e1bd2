# Both images can be replaced, for example by a copy in a mirror or to pin a digest.
ARG BUILD_IMAGE=node:24-bookworm-slim
# Distroless has only the official node binary, Debian's libraries and certificates: no shell, no package manager, no
# npm. Its maintainers sign it (cosign), and it is the smallest of three: slim is 1.5 times as large, and Alpine's node
# is an unofficial build for another libc. The Debian 12 edition is no longer built for node.
ARG NODE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
# By default, node uses more memory than a small container has before it collects garbage. The program needs 14
# of the 40 MB, one turn of its event loop 8 and queued requests 4; the rest is for connections.
ARG NODE_OPTIONS="--max-old-space-size=40 --max-semi-space-size=2"

# JavaScript is the same for every architecture, so all stages except the last run on the builder's own.
FROM --platform=${BUILDPLATFORM} ${BUILD_IMAGE} AS sources
WORKDIR /build
COPY package.json package-lock.json .npmrc ./

FROM sources AS bundle
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src src/
COPY image image/
RUN npm run bundle

FROM ${NODE_IMAGE} AS node

# The bytecode of the bundle, compiled by the node that will run it and with the same flags. If this machine can't run
# another architecture's node, that image has no bytecode and starts more slowly. A build may share the network of its
# host, so the port is one that hardly any program uses.
FROM bundle AS code-cache
ARG NODE_OPTIONS
RUN --mount=type=bind,from=node,target=/node,rw mkdir -p /node/app && cp -r bundle package.json /node/app/ \
  && write="chroot /node /nodejs/bin/node \
    --no-concurrent-recompilation --disable-sigusr1 /app/bundle/write-code-cache.cjs" \
  && if SERVER_NAME=example.com HOST=127.0.0.1 PORT=29080 $write serve && $write check --help; \
  then cp /node/app/bundle/*.cache bundle/; \
  else echo "No bytecode, so the image starts more slowly: this machine can't run its node, or see above."; fi \
  && rm bundle/write-code-cache.cjs \
  && mkdir bin && ln -s ../bundle/matrix-well-known.cjs bin/matrix-well-known

# The bundle contains the production dependencies. Their licenses are added, and the package.json files that scanners
# look for.
FROM sources AS notices
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
  && find node_modules ! -type d ! -iname 'licen[cs]e*' \
    ! -regex '.*node_modules/\(@[^/]*/\)?[^/]*/package.json' -delete \
  && find node_modules -type d -empty -delete

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="matrix-well-known" \
      org.opencontainers.image.description="Serves a Matrix server name's well-known documents" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ARG NODE_OPTIONS
ENV PATH=/app/bin:/nodejs/bin:${PATH} \
    LANG=C.UTF-8 \
    METRICS_HOST=:: \
    NODE_OPTIONS=${NODE_OPTIONS}
WORKDIR /app
COPY --from=notices /build/package.json ./
COPY --from=notices /build/node_modules node_modules/
COPY --from=code-cache /build/bundle bundle/
COPY --from=code-cache /build/bin bin/
# A number, so that Kubernetes can verify that it isn't root.
USER 65532:65532
EXPOSE 8080
# Without --start-interval, which only Docker 25 and newer know: the first check is after the interval.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "--no-concurrent-recompilation", "--disable-sigusr1", "/app/bundle/start.cjs", "healthcheck"]
# Neither flag is allowed in NODE_OPTIONS. Compiling in other threads costs 14 MB under load and gains nothing here.
# Without --disable-sigusr1, SIGUSR1 would open the inspector to every container of a Kubernetes pod.
ENTRYPOINT ["node", "--no-concurrent-recompilation", "--disable-sigusr1", "/app/bundle/start.cjs"]
CMD ["serve"]
