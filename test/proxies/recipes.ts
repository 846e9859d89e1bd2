import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The fields of a form, by their labels. */
export type Form = Readonly<Record<string, string>>

const folder = fileURLToPath(new URL('../../examples/nginx-proxy-manager/', import.meta.url))
const page = readFileSync(`${folder}README.md`, 'utf8')

/** The forms in the recipe for Nginx Proxy Manager, in its order: a table with the name of its tab each. */
export function readForms (tab: string): Form[] {
  const tables = page.matchAll(new RegExp(`^ *\\| ${tab} \\| \\|\\n *\\| --- \\| --- \\|\\n((?: *\\|.*\\|\\n)+)`, 'gm'))
  return [...tables].map(([, rows = '']) => {
    const cells = rows.matchAll(/^ *\| (.+?) \| (.+?) \|$/gm)
    return Object.fromEntries([...cells].map(([, label = '', value = '']) => [label, value]))
  })
}

/** What a form says to enter: the code in a field. */
export function enter (form: Form, label: string): string {
  const [, value] = /`(.+)`/.exec(form[label] ?? '') ?? []
  if (value === undefined) throw new Error(`the recipe for Nginx Proxy Manager doesn't say what to enter in ${label}`)
  return value
}
