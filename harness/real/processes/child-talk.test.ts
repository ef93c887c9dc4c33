import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { ChildTalk, type TalkOptions } from './child-talk.ts'
import { packed } from './messages.ts'

it('two faults in one turn of a child both act at its end, and neither waits for ever', async () => {
  const questions = new PassThrough()
  const talk = new ChildTalk({
    ...{ questions, answers: new PassThrough(), settled: new PassThrough() },
    ...{ begun: Promise.resolve(), loaded() {}, held: () => Promise.resolve(), alive: () => true },
  } as Partial<TalkOptions> as TalkOptions)
  const acted: string[] = []
  const both = ['stopped', 'terminated'].map((what) => talk.betweenTurns(() => void acted.push(what)))
  questions.write(packed({ kind: 'turn-over' }))
  await Promise.all(both)
  expect(acted).toEqual(['stopped', 'terminated'])
})
