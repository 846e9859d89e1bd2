import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 collect garbage early. With the memory of most machines, it lets 25 MB of many checks grow to 190 MB first,
 * to save a quarter of the CPU time.
 *
 * @param nodeOptions what Node was started with; limits of the heap in it apply instead.
 */
export function limitHeapGrowth (nodeOptions: readonly string[]): void {
  if (nodeOptions.some(option => /^--max[-_](?:old|semi)[-_]space[-_]size/.test(option))) return
  // V8 reads these each time that it sizes the heap, unlike the limits, which it reads at its start.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=30')
}
