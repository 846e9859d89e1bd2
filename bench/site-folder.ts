import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from './report.ts'

/** All names have the same length, so that requests to few and to many sites do. */
export function nameSite (index: number): string {
  return `site-${String(index).padStart(5, '0')}.example`
}

/** Of the two documents that each site has. */
export const documentBytes = ['{"m.server":"matrix.:443"}', '{"m.homeserver":{"base_url":"https://matrix."}}']
  .reduce((sum, text) => sum + text.length + nameSite(0).length, 0)

/** The file of a site in a folder. */
export function siteFile (folder: string, index: number): string {
  return join(folder, `${nameSite(index)}.env`)
}

/** Writes a folder with this many sites. */
export async function writeSiteFolder (count: number, lab: Lab): Promise<string> {
  const folder = join(lab.directory, `sites-${count}`)
  mkdirSync(folder)
  for (let i = 0; i < count; i++) {
    const host = `matrix.${nameSite(i)}`
    const settings = `SERVER_NAME=${nameSite(i)}\nM_SERVER=${host}:443\nM_HOMESERVER_BASE_URL=https://${host}\n`
    writeFileSync(siteFile(folder, i), settings)
  }
  // Files that have just been written are read twice.
  await sleep(lab.smoke ? 0 : 2_500)
  return folder
}
