import { Ajv } from 'ajv'
import t from 'tap'
import { documentSchemas } from '../../src/matrix/document-schemas.ts'
import { matrixFormats } from '../../src/matrix/string-formats.ts'
import { buildAjv, findSchemaErrors } from '../../src/matrix/validate.ts'
import { settingFormats } from '../../src/config/setting-formats.ts'
import { settings } from '../../src/config/settings.ts'

t.test('every schema is a valid JSON Schema with formats that exist', async t => {
  // At run time this is taken for granted.
  for (const [formats, schemas] of [[matrixFormats, documentSchemas], [settingFormats, settings]] as const) {
    const ajv = new Ajv({ formats: Object.fromEntries(Object.keys(formats).map(format => [format, true])) })
    for (const [name, schema] of Object.entries(schemas)) t.doesNotThrow(() => ajv.compile(schema), name)
  }
})

t.test('an invalid schema is an error, not one that every value fits', async t => {
  t.throws(() => findSchemaErrors(buildAjv({}), { type: 'nonsense' }, 1), /type must be JSONType/)
})

t.test('a value is never converted', async t => {
  t.equal(findSchemaErrors(buildAjv({}), { type: 'boolean' }, 'true').length, 1)
})
