#!/nodejs/bin/node --no-concurrent-recompilation
// The command on the PATH of the image, as in `docker exec ID matrix-well-known check`. The kernel passes one flag at
// most, so this takes the place of --disable-sigusr1: with a listener, SIGUSR1 doesn't open the inspector.
'use strict'
process.on('SIGUSR1', () => {})
require('./start.cjs')
