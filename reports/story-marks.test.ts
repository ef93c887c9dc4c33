import { describe, expect, it } from 'vitest'
import { type StoryMark, storyMark } from './story-marks.ts'

/** The wordings of `properties/story`: when they change, the pictures must follow. */
const WORDINGS: readonly (readonly [string, StoryMark])[] = [
  ['crashes', 'crash'],
  ['crashes (uncaught exception: boom)', 'crash'],
  ['exits with code 1', 'crash'],
  ['goes down', 'crash'],
  ['has not ended in time and is killed', 'crash'],
  ['freezes', 'freeze'],
  ['goes on as if no time had passed', 'resume'],
  ['is started again', 'start'],
  ['ends', 'end'],
  ['leaves the group', 'end'],
  ['is asked to end (SIGTERM)', 'end'],
  ['is given orders/0 in generation 1', 'told'],
  ['learns that orders/0 goes on at 2', 'told'],
  ['is expelled (session-expired)', 'told'],
  ['commits orders/0 up to 2', 'commit'],
  ['processes orders/0@0 to 6 and commits up to 7', 'commit'],
  ['never hears that orders/0 is committed up to 2', 'trouble'],
  ['tries to commit orders/0 up to 2 and is refused (ILLEGAL_GENERATION)', 'trouble'],
  ['fails on orders/0@1 (boom)', 'trouble'],
  ['consumer-0~broker-0 is cut', 'trouble'],
  ['consumer-0 OffsetCommit#1 is done, and its answer is lost', 'trouble'],
  ['begins orders/0@1', 'work'],
  ['processes orders/0@1', 'work'],
  ['does what no wording of today says', 'work'],
]

describe('what a picture draws', () => {
  it.each(WORDINGS)('%s: %s', (text, mark) => {
    expect(storyMark(text)).toBe(mark)
  })
})
