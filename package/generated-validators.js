import { _ } from 'ajv/dist/compile/codegen/index.js'
import standalone from 'ajv/dist/standalone/index.js'

/** The code that Ajv generates for the schemas of documents. It expects the functions of the formats in `formats`. */
async function generateCode () {
  const { documentSchemas } = await import('../dist/matrix/document-schemas.js')
  const { matrixFormats } = await import('../dist/matrix/string-formats.js')
  const { buildAjv } = await import('../dist/matrix/validate.js')
  const ajv = buildAjv(matrixFormats, { source: true, esm: true, formats: _`formats` })
  const names = Object.keys(documentSchemas)
  for (const name of names) ajv.addSchema(documentSchemas[name], name)
  return { names, code: standalone.default(ajv, Object.fromEntries(names.map(name => [name, name]))) }
}

/**
 * Replaces src/matrix/document-errors.ts by code that Ajv generates here. Otherwise, it would be generated at each
 * start, and loading Ajv and running it takes a fifth of the time of a check.
 */
export async function generateValidators () {
  const { names, code } = await generateCode()
  const contents = `import { buildFormatTests } from './format-tests.ts'
    import { matrixFormats } from './string-formats.ts'
    const formats = buildFormatTests(matrixFormats)
    ${code}
    const validators = { ${names.join(', ')} }
    export function findDocumentErrors (name, content) {
      const validate = validators[name]
      validate(content)
      return validate.errors ?? []
    }`
  return {
    name: 'generated-validators',
    setup ({ onLoad }) {
      onLoad({ filter: /\/matrix\/document-errors\.ts$/ }, () => ({ contents, resolveDir: 'src/matrix' }))
    }
  }
}
