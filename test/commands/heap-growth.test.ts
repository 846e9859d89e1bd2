import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { limitHeapGrowth } from '../../src/commands/heap-growth.ts'

/** Prints how many MB the young generation takes after much has been alive for some time. */
const program = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { limitHeapGrowth } from '${join(import.meta.dirname, '../../dist/commands/heap-growth.js')}'
  limitHeapGrowth(process.argv.slice(1))
  const live = []
  for (let i = 0; i < 200_000; i++) {
    live.push({ numbers: new Array(8).fill(i) })
    if (live.length > 40_000) live.splice(0, 20_000)
  }
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  console.log(space.physical_space_size / 1_048_576)`

/** In a process without a compiler, because that lets the heap grow. */
async function measure (...nodeOptions: string[]): Promise<number> {
  const args = ['--input-type=module', '--eval', program, '--', ...nodeOptions]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  t.equal(stderr, '', 'V8 knows the flags')
  return Number(stdout)
}

t.test('the young generation stays small, unless Node was started with limits of the heap', async t => {
  const small = await measure('--trace-warnings')
  t.ok(small < 6, String(small))
  for (const option of ['--max-semi-space-size=16', '--max_old_space_size=200']) {
    const large = await measure('--trace-warnings', option)
    t.ok(large > 6, `${option}: ${large}`)
    limitHeapGrowth([option])
  }
})
