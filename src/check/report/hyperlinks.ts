/** Terminals that say in TERM or TERM_PROGRAM what they are. */
const terminals = /^(?:xterm-kitty|xterm-ghostty|alacritty|foot|wezterm|contour|iterm\.app|ghostty|vscode|tabby|rio)\b/i

/** From GNOME's terminal library (VTE) 0.50.1 on, as 5001, and from Konsole 20.12 on, as 201200; earlier ones crash. */
const minVersions = { VTE_VERSION: 5001, KONSOLE_VERSION: 201200 } as const

/** The first version of tmux that passes links on. */
const minTmuxVersion = 3.4

/**
 * Whether a terminal is known to show a link as a link (OSC 8): others may print its code.
 *
 * @see https://github.com/Alhadis/OSC8-Adoption
 */
export function supportsHyperlinks (environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM = '', TERM_PROGRAM: program = '', TERM_PROGRAM_VERSION: version = '' } = environment
  const { NO_COLOR, WT_SESSION } = environment
  if (TERM === 'dumb' || Boolean(NO_COLOR)) return false
  // What is around a multiplexer may have left its variables.
  if (program === 'tmux') return Number.parseFloat(version) >= minTmuxVersion
  if (/^(?:screen|tmux)/.test(TERM)) return false
  return terminals.test(TERM) || terminals.test(program) || Boolean(WT_SESSION) ||
    Object.entries(minVersions).some(([name, min]) => Number(environment[name]) >= min)
}

/** A text that is a link to a URL, for a terminal that supports that. */
export function linkText (text: string, url: string): string {
  return `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`
}
