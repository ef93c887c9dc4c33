/** The marks that a picture can draw at a line of a story. */
export const STORY_MARKS = [
  /** A process or a broker is gone. */
  'crash',
  /** A process stands still, without knowing it. */
  'freeze',
  'resume',
  'start',
  /** A process ends by itself, or as it was asked to. */
  'end',
  /** A process begins to end, or its consumer stops or leaves the group. */
  'stop',
  /** The cluster tells the process something. */
  'told',
  /** The process tells the cluster something. */
  'commit',
  /** Something is lost, refused, late, or taken away. */
  'trouble',
  /** The course of things. */
  'work',
  /** Lines before this one happen again. It has no lane. */
  'rounds',
  /** The final line, which sums the story up. It has no lane. */
  'outcome',
] as const
export type StoryMark = (typeof STORY_MARKS)[number]

/**
 * One line of a story, with its meaning as data: a picture is drawn by `mark`, never by the words.
 */
export interface Told {
  /**
   * The actor: a process, a broker, a group, `workload`, `store`, `cluster`, `network`, `harness`;
   * `''`: nobody.
   */
  readonly lane: string
  readonly text: string
  readonly mark: StoryMark
}

export interface StoryLine extends Told {
  readonly timeUs: number
  /** Sequence numbers of the events that it tells. */
  readonly events: readonly number[]
  /** Index of the schedule's fault that strikes here. */
  readonly fault?: number
}
