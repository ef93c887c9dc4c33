/** What a picture draws at a line of a story. */
export type StoryMark =
  | 'crash'
  | 'freeze'
  | 'resume'
  | 'start'
  | 'end'
  /** The cluster tells the process something. */
  | 'told'
  /** The process tells the cluster something. */
  | 'commit'
  /** Something got lost or was refused. */
  | 'trouble'
  | 'work'

/**
 * Stories are words (`properties/story`); a picture needs to know what kind of thing a line tells. A line that is not
 * recognised is drawn as ordinary work, so a new wording makes a plainer picture and never a wrong one.
 */
const WORDINGS: readonly (readonly [RegExp, StoryMark])[] = [
  [/^crashes\b/, 'crash'],
  [/^(has not ended in time and is killed|exits with code|goes down)/, 'crash'],
  [/^freezes\b/, 'freeze'],
  [/^goes on as if no time had passed/, 'resume'],
  [/^(is started again|is added)/, 'start'],
  [/^(ends|leaves the group|its consumer stops|is asked to end)\b/, 'end'],
  [/^(is given|learns|joins|is expelled)\b/, 'told'],
  [/\bcommits\b/, 'commit'],
  [/^(fails|never|tries to|its consumer crashes|gives up)\b/, 'trouble'],
  [/\b(lost|refused|late|cut|reset|breaks|slow|malformed|never arrives|fails)\b/, 'trouble'],
]

export function storyMark(text: string): StoryMark {
  return WORDINGS.find(([wording]) => wording.test(text))?.[1] ?? 'work'
}
