import t from 'tap'
import { supportsHyperlinks } from '../../../src/check/report/hyperlinks.ts'

type Environment = Readonly<Record<string, string>>

t.test('terminals that are known to support links', async t => {
  const cases: readonly Environment[] = [
    { TERM: 'xterm-kitty' },
    { TERM: 'alacritty-direct' },
    { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' },
    { TERM: 'xterm-256color', TERM_PROGRAM: 'vscode' },
    { TERM: 'xterm-256color', VTE_VERSION: '7600' },
    { TERM: 'xterm-256color', KONSOLE_VERSION: '230800' },
    { TERM: 'tmux-256color', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.5a' },
    { WT_SESSION: '6b2d0d9c', NO_COLOR: '' }
  ]
  for (const environment of cases) t.ok(supportsHyperlinks(environment), JSON.stringify(environment))
})

t.test('others, and those that are asked not to', async t => {
  const cases: readonly Environment[] = [
    {},
    { TERM: 'xterm-256color' },
    { TERM: 'linux' },
    { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' },
    { TERM: 'xterm-256color', VTE_VERSION: '4602' },
    { TERM: 'xterm-256color', VTE_VERSION: '5000' },
    { TERM: 'xterm-256color', KONSOLE_VERSION: '180400' },
    { TERM: 'screen-256color', VTE_VERSION: '7600' },
    { TERM: 'screen', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a', VTE_VERSION: '7600' },
    { TERM: 'dumb', WT_SESSION: '6b2d0d9c' },
    { TERM: 'xterm-kitty', NO_COLOR: '1' }
  ]
  for (const environment of cases) t.notOk(supportsHyperlinks(environment), JSON.stringify(environment))
})
