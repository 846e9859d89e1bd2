import t from 'tap'
import { isPackageStyle } from '../../src/matrix/client-keys.ts'

t.test('knows a Java package name from other keys', async t => {
  for (const key of ['com.example.key', 'org.matrix.msc4143.rtc_foci', 'io.element.e2ee', 'M.Key']) {
    t.ok(isPackageStyle(key), key)
  }
  for (const key of ['', 'key', 'com..key', '.key', 'com.', 'com.ex ample', '1.key']) t.notOk(isPackageStyle(key), key)
})
