import t from 'tap'
import { explainFileError } from '../../src/export/export-error.ts'

t.test('what a file system refuses is explained', async t => {
  const cases: [code: string, message: RegExp][] = [
    ['ENOSPC', /^a\/b: the disk is full; free some space, then export again$/],
    ['EDQUOT', /the disk is full/],
    ['EACCES', /^a\/b: no permission; use another folder, or change who may write there$/],
    ['EPERM', /no permission/],
    ['EROFS', /read-only/],
    ['ENOENT', /^a\/b: it can't be created there, or it is a link that leads nowhere; use another folder$/],
    ['EEXIST', /it is a file; use the path of a folder/],
    ['ENOTDIR', /a part of the path is a file/],
    ['ENAMETOOLONG', /the name is too long/],
    ['ELOOP', /lead in a circle/],
    ['EIO', /^a\/b: can't be used \(EIO: i\/o error\)$/]
  ]
  for (const [code, message] of cases) {
    const cause = Object.assign(new Error(`${code}: i/o error`), { code })
    t.match(explainFileError('a/b', cause), { code: 'ERR_EXPORT', message }, code)
  }
  t.match(explainFileError('a', new Error('no code')), { message: "a: can't be used (no code)" })
})
