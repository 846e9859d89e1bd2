import { isJsonObject, property } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { readDendrite } from './dendrite-options.ts'
import type { Description } from './description.ts'
import type { Remark } from './draft.ts'
import { describeOption } from './homeserver.ts'
import type { HomeserverOptions } from './homeserver.ts'
import { ImportError } from './import-error.ts'
import { readSynapse } from './synapse-options.ts'
import { parseToml } from './toml.ts'
import { readTuwunel } from './tuwunel-options.ts'
import { parseYaml } from './yaml.ts'
import type { Parsed } from './yaml.ts'

/** A file of a homeserver's configuration. */
export interface ConfigurationFile {
  readonly path: string
  readonly text: string
}

/**
 * Describes the site of a homeserver by its configuration. Of several files, each replaces the top-level keys of those
 * before it, as Synapse does.
 *
 * @throws {ImportError} if a file can't be read, or it is not the configuration of a homeserver.
 */
export function describeConfiguration (files: readonly ConfigurationFile[]): Description {
  const faults: string[] = []
  const remarks: Remark[] = []
  let values: JsonObject = {}
  for (const { path, text } of files) {
    const { value, fault } = parseConfiguration(text)
    if (fault !== undefined) faults.push(`${path}: ${fault}${isTemplate(text) ? templateHint : ''}`)
    else if (isJsonObject(value)) values = { ...values, ...value }
    else remarks.push({ kind: 'left-out', variable: undefined, text: `${path} is empty, or not a mapping` })
  }
  if (faults.length > 0) throw new ImportError('ERR_IMPORT_UNUSABLE', ...faults)
  const source = files.map(({ path }) => path).join(', ')
  const read = readHomeserver(values, files.some(({ text }) => isToml(text)))
  if (read === undefined) {
    throw new ImportError('ERR_IMPORT_UNUSABLE', `${source}: not the configuration of Synapse, Dendrite, tuwunel or ` +
      'continuwuity, and not a well-known document')
  }
  const { serverName, serverNameElsewhere, documents, options, remarks: found } = read
  return {
    source,
    serverName,
    serverNameElsewhere,
    documents: new Map(Object.entries(documents).flatMap(([name, content]) => content === undefined
      ? []
      : [[name, content] as const])),
    isPublished: false,
    describe: describeOption(source, options),
    withoutServer: "The configuration doesn't say where other servers reach the homeserver. Set M_SERVER, for " +
      'example to matrix.example.com:443, and remove this.',
    remarks: [...remarks, ...found]
  }
}

function parseConfiguration (text: string): Parsed {
  if (hasSettings(text)) return { fault: 'has settings already; to validate them, use "matrix-well-known validate"' }
  return isToml(text) ? parseToml(text) : parseYaml(text)
}

/** Whether it is a .env file of this program, which looks like TOML. */
function hasSettings (text: string): boolean {
  return /^(?:export )?(?:SERVER_NAME|M_SERVER|M_HOMESERVER_BASE_URL)(?:_FILE)? *=/m.test(text)
}

/** Whether the first line that is not a comment is a table or an assignment of TOML. */
function isToml (text: string): boolean {
  const line = text.split('\n').map(line => line.trim()).find(line => line !== '' && !line.startsWith('#')) ?? ''
  return /^(?:\[{1,2}\s*[\w"'-]|[\w."'-]+\s*=)/.test(line)
}

function readHomeserver (values: JsonObject, toml: boolean): HomeserverOptions | undefined {
  const global = property(values, 'global')
  if (toml) return isJsonObject(global) ? readTuwunel(values) : undefined
  if (isJsonObject(global)) return readDendrite(values)
  return synapseOptions.some(name => Object.hasOwn(values, name)) ? readSynapse(values) : undefined
}

/** One of these is in each file of Synapse: those about the site, and those of a file without any, as Debian has it. */
const synapseOptions = [
  'server_name', 'public_baseurl', 'serve_server_wellknown', 'extra_well_known_client_content', 'report_stats',
  'listeners', 'signing_key_path', 'macaroon_secret_key', 'registration_shared_secret', 'trusted_key_servers'
]

const templateHint = '; it looks like a template, so import the file that is made from it'

/** Whether a text has the tags of Jinja, as in Ansible and the image of Synapse, or of Helm. */
function isTemplate (text: string): boolean {
  return /\{[{%]/.test(text)
}
