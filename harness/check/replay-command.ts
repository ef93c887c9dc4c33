import { runsFromSources } from './version.ts'

/** A command to paste; in a checkout of this repository there is no built command yet. */
export function replayCommand(file: string): string {
  return `${runsFromSources() ? 'npm run onceover --' : 'npx onceover'} replay ${shellWord(file)}`
}

export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./:@%+,=-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
