/**
 * Breaks text between words so that it fits into `width` columns after a first line's `prefix`;
 * later lines are indented as far as that. A word that is too long stays whole: names and commands
 * must survive copying.
 */
export function wrap(prefix: string, text: string, width: number): string[] {
  const indent = ' '.repeat(prefix.length)
  const room = Math.max(20, width - prefix.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((each, index) => `${index === 0 ? prefix : indent}${each}`.trimEnd())
}
