// Writes site.json from the settings in the environment, before `wrangler deploy` bundles the Worker. A Worker can't
// compile the schemas that the settings are validated with, so this happens here. Throws if a setting is wrong.
import { writeFileSync } from 'node:fs'
import { loadSite } from 'matrix-well-known/site'

writeFileSync(new URL('site.json', import.meta.url), JSON.stringify(loadSite(process.env)))
