/**
 * Control characters but line ends and tabs; an escape that only sets colours and weights is our
 * own, or harmless.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const CONTROL = /\u001b(?!\[[\d;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g
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
  return text.replace(CONTROL, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
