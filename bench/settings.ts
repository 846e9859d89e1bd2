/** The sidecar's settings, but for where it listens. */
export const settings = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443'
}

/** What is asked for. */
export const path = '/.well-known/matrix/server'
