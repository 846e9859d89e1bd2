import type { Claim } from '../config/sites/host-claims.ts'
import { explainEmptyFolder, loadSiteFolder } from '../config/sites/site-folder.ts'
import type { SiteFolderError } from '../config/sites/site-folder.ts'
import type { Problem, Validation } from './validation.ts'

/**
 * Validates each file of a folder of sites.
 *
 * @param reject builds the result if the folder as a whole has a problem.
 * @param own the claim of the site that responds to all other hosts.
 */
export async function validateFolder (
  path: string, reject: (message: string, severity: Problem['severity']) => Validation, own?: Claim
): Promise<Validation> {
  const files = await loadSiteFolder(path, own).catch((error: SiteFolderError) => error)
  if (files instanceof Error) return reject(files.message, 'fault')
  if (files.length === 0) return reject(explainEmptyFolder(path), own === undefined ? 'fault' : 'warning')
  return {
    sites: files.flatMap(({ file, config }) => config === undefined ? [] : { file, ...config }),
    problems: files.flatMap(({ file, warnings, faults }) => [
      ...warnings.map(warning => ({ severity: 'warning', file, ...warning } as const)),
      ...faults.map(fault => ({ severity: 'fault', file, ...fault } as const))
    ])
  }
}
