/**
 * Control characters but line ends and tabs, and what turns a line round; an escape
 * that only sets colours and weights is our own, or harmless.
 */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  /\u001b(?!\[[0-79;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
/** GitHub takes a line that begins so for a command of the job. */
const COMMAND = /^(\s*)::/gm

/**
 * Text with names and messages of the code under test in it: it moves no cursor, and commands no
 * runner.
 */
export function printable(text: string): string {
  return controlled(text).replace(COMMAND, '$1: :')
}

/** Text without control characters, whose lines may command a runner: our own annotations. */
export function controlled(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
  })
}

/** Text that is a line whatever names are in it: a name with line ends is none of the runner's. */
export function inOneLine(text: string): string {
  return printable(text.replace(/\r?\n|\r/g, '⏎'))
}
