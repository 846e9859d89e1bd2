import t from 'tap'
import { findMisspelledNames } from '../../src/config/misspelled-names.ts'

t.test('a name one edit away from a setting, or in lower case, causes a warning', async t => {
  const misspelled = {
    M_SEVER: 'M_SERVER',
    SERVERNAME: 'SERVER_NAME',
    SERVER_NAMES: 'SERVER_NAME',
    PROT: 'PORT',
    HOTS: 'HOST',
    M_SERVER_FLIE: 'M_SERVER_FILE',
    LOG_LEVEL_FIL: 'LOG_LEVEL_FILE',
    server_name: 'SERVER_NAME',
    Port_File: 'PORT_FILE'
  }
  for (const [name, meant] of Object.entries(misspelled)) {
    const message = `${name} isn't a setting and is ignored; did you mean ${meant}?`
    t.strictSame(findMisspelledNames({ [name]: 'x' }), [{ variable: name, message }])
  }
})

t.test('other names cause no warning', async t => {
  const others = {
    M_SEVER: ' ',
    HOME: '/',
    PATH: '/bin',
    SERVER_NAME: 'x',
    SERVER_NAME_FILE: 'x',
    NAME: 'x',
    '': 'x',
    TSOH: 'x',
    http_proxy: 'x'
  }
  t.strictSame(findMisspelledNames(others), [])
})
