// Loaded into a server before its program, to measure what can't be seen from outside.
'use strict'
const process = require('node:process')
const { getHeapStatistics, setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
/** CPU time of the main thread, in microseconds. */
let last = 0
let longest = 0
let isWatching = false

function readTime () {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

/** Without a pause between them, each turn of the event loop takes the CPU time that a request would have to wait. */
function watchTurns () {
  const now = readTime()
  longest = Math.max(longest, now - last)
  last = now
  if (isWatching) setImmediate(watchTurns)
}

const responses = {
  /** Bytes of the heap that are in use. */
  heap () {
    collectGarbage()
    return getHeapStatistics().used_heap_size
  },
  watchTurns () {
    isWatching = true
    last = readTime()
    longest = 0
    watchTurns()
    return 0
  },
  longestTurn () {
    isWatching = false
    return longest
  }
}
process.on('message', question => process.send(responses[question]()))
