import { documentPath } from '../site/documents.ts'
import { headerOf } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { Target } from './target.ts'

const snippet = 'upload-to-s3.sh'

export const s3: Target = {
  summary: 'a script that uploads the documents with the AWS CLI',
  snippet,
  build: publication => ({
    files: [{ path: snippet, text: buildScript(publication), isExecutable: true }],
    notes: [
      `Run ./${snippet} BUCKET [CLOUDFRONT_DISTRIBUTION]. It contains the documents, and uploads nothing else.`,
      'CloudFront: attach the managed response headers policy SimpleCORS to the behavior of /.well-known/matrix/*.',
      'Without the permission s3:ListBucket for CloudFront, S3 responds with 403 instead of 404 to a document that ' +
      "isn't configured. If a custom error response turns that into your index.html with status 200, clients fail."
    ]
  })
}

function buildScript ({ serverName, documents, missing }: Publication): string {
  return `#!/bin/sh
# Uploads the Matrix well-known documents of ${serverName} to the root of an S3 bucket.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "Usage: $0 BUCKET [CLOUDFRONT_DISTRIBUTION]" >&2
  exit 2
fi
bucket=$1

# upload PATH CACHE_CONTROL DOCUMENT
upload () {
  printf %s "$3" | aws s3 cp - "s3://$bucket$1" --content-type application/json --cache-control "$2"
}
${documents.map(buildUpload).join('')}
# Reports a document that isn't configured, but in the bucket: it would still be served.
status=0
check_missing () {
  if aws s3api head-object --bucket "$bucket" --key "\${1#/}" >/dev/null 2>&1; then
    echo "$1 isn't configured, but it is in the bucket. Remove it: aws s3 rm s3://$bucket$1" >&2
    status=1
  fi
}
${missing.map(({ path }) => `check_missing ${path}\n`).join('')}
if [ $# -eq 2 ]; then
  aws cloudfront create-invalidation --distribution-id "$2" --paths '${documentPath('*')}'
fi
exit $status
`
}

function buildUpload ({ path, response }: PublishedPath): string {
  return `upload ${path} ${quote(headerOf(response, 'cache-control'))} ${quote(response.body)}\n`
}

/** In single quotes, a shell reads everything as it is. */
function quote (text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
