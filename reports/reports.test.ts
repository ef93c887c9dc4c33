import { describe, expect, it } from 'vitest'
import type { Counterexample } from '../harness/core/counterexample.ts'
import type { ScenarioResult } from '../harness/core/result.ts'
import { githubReport } from './github.ts'
import { htmlReport } from './html.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { lanesOf } from './lanes.ts'
import { mermaidReport } from './mermaid.ts'
import { type Page, PLAIN, PLAIN_PAGE } from './paint.ts'
import { type Replay, replayReport } from './replay.ts'
import { terminalReport, terminalSummary } from './terminal.ts'
import { HISTORY } from './testing/history.ts'
import {
  ALL,
  CONFIRMATION,
  CONFIRMED,
  COUNTEREXAMPLE,
  CUT_SHORT,
  HARNESS_ERROR,
  HELD,
  INTERRUPTED,
  SEVERAL,
  SWEPT,
  VIOLATED,
  VIOLATED_CALM,
  WRONG_USE,
} from './testing/results.ts'
import { timeline } from './timeline.ts'

const FILES = [htmlReport, junitReport, githubReport]

const NARROW: Page = { paint: PLAIN, width: 60 }

function sample(name: string): string {
  return `./samples/${name}`
}

describe('the terminal', () => {
  const RESULTS: readonly (readonly [string, string, ScenarioResult])[] = [
    ['violated', 'a violation: the sentence, the story, what it takes, how to replay it', VIOLATED],
    ['violated-calm', 'a violation that needs no fault, in a scenario without a file', VIOLATED_CALM],
    ['several', 'two findings, with what became of those from earlier checks', SEVERAL],
    ['held', 'held: what was covered and what was not', HELD],
    ['held-swept', 'held after a whole sweep', SWEPT],
    ['interrupted', 'interrupted: what was done', INTERRUPTED],
    ['wrong-use', 'wrong use: one sentence', WRONG_USE],
    ['harness-error', 'a harness error: its stack', HARNESS_ERROR],
  ]
  it.each(RESULTS)('as in the sample %s: %s', async (name, _title, result) => {
    await expect(`${terminalReport(result)}\n`).toMatchFileSnapshot(sample(`${name}.txt`))
  })

  it('breaks lines between words where it is narrow, and never in the replay command', async () => {
    await expect(`${terminalReport(VIOLATED, NARROW)}\n`).toMatchFileSnapshot(sample('narrow.txt'))
  })

  it('says of a counterexample whose shrinking was cut short that it is not yet minimal', () => {
    const sentence = 'It is not yet minimal: shrinking was cut short'
    expect(terminalReport(CUT_SHORT)).toContain(`  ${sentence}`)
    expect(terminalReport(VIOLATED)).not.toContain('minimal')
    expect(htmlReport([CUT_SHORT])).toContain(sentence)
    expect(htmlReport([VIOLATED])).not.toContain('minimal')
  })

  it('marks the verdict and nothing else where colour is on', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`
    const paint = { red: tag('r'), green: tag('g'), yellow: tag('y'), bold: tag('b'), dim: tag('d') }
    const [first] = terminalReport(VIOLATED, { paint, width: 110 }).split('\n')
    expect(first).toBe(
      '<r>✗</r> <b>orders consumer</b> is not at-least-once: <r>violated</r> after 14 schedules, seed 481516',
    )
  })

  it('counts verdicts over several scenarios', () => {
    expect(terminalSummary(ALL)).toBe('2 held, 2 violated, 1 undecided, 2 error')
  })
})

describe('replay', () => {
  const same: Replay = {
    counterexample: COUNTEREXAMPLE,
    outcome: 'same',
    finding: COUNTEREXAMPLE.violation,
    explanation: COUNTEREXAMPLE.explanation,
    sameHistory: true,
    changed: [],
    skipped: [],
    problem: null,
  }
  const skipped = { index: 2, kind: 'link-reset', reason: 'the run ended before' } as const
  const changed = ['Node was v22.22.0 and is v24.21.0', 'the client was kafkajs 2.2.3 and is kafkajs 2.2.4']
  const other = { property: 'stuck-partition', message: 'orders/1 stood still at 8', events: [4] } as const
  const REPLAYS: readonly (readonly [string, Replay])[] = [
    ['replay-same', same],
    ['replay-other-history', { ...same, sameHistory: false, changed, skipped: [skipped] }],
    ['replay-held', { ...same, outcome: 'held', finding: null, explanation: null, sameHistory: false }],
    ['replay-other', { ...same, outcome: 'other', finding: other, sameHistory: false }],
    [
      'replay-undecided',
      { ...same, outcome: 'undecided', finding: null, explanation: null, problem: 'the checker threw' },
    ],
  ]
  it.each(REPLAYS)('as in the sample %s', async (name, replay) => {
    await expect(`${replayReport(replay)}\n`).toMatchFileSnapshot(sample(`${name}.txt`))
  })
})

describe('files', () => {
  it('JSON has the shape of the contract, bigints as decimal strings', async () => {
    await expect(jsonReport(ALL)).toMatchFileSnapshot(sample('all.json.txt'))
  })

  it('JUnit has a failure for a violation and an error for what could not be decided', async () => {
    await expect(junitReport(ALL)).toMatchFileSnapshot(sample('all.junit.xml'))
  })

  it('all say what came of it on a real Kafka, where that was asked', () => {
    const sentence = 'Confirmed on Kafka 4.1.0: 2 of 3.'
    const reports = [terminalReport(CONFIRMED), ...FILES.map((report) => report([CONFIRMED]))]
    for (const text of reports) expect(text).toContain(sentence)
    expect(JSON.parse(jsonReport([CONFIRMED])).scenarios[0].counterexample.confirmation).toEqual(CONFIRMATION)
    for (const report of FILES) expect(report([VIOLATED])).not.toContain('a real Kafka')
  })

  it('JUnit survives control characters and lone surrogates in names', () => {
    const xml = junitReport([{ ...HELD, name: 'a\u0000b\ud800c<&>"' }])
    expect(xml).toContain('name="a\ufffdb\ufffdc&lt;&amp;&gt;&quot; is at-least-once"')
  })

  it('GitHub gets one annotation for each scenario that did not hold, line breaks escaped', async () => {
    await expect(githubReport(ALL)).toMatchFileSnapshot(sample('all.github.txt'))
  })

  it('HTML is one page without anything from elsewhere', async () => {
    const page = htmlReport(ALL)
    expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/)
    await expect(page).toMatchFileSnapshot(sample('all.html'))
  })

  it('Mermaid escapes what would end a statement or start a comment', async () => {
    const odd = {
      timeUs: 1,
      lane: 'end',
      text: 'OffsetCommit#2; then <b>',
      mark: 'work',
      events: [],
    } as const
    const story = [...COUNTEREXAMPLE.explanation.story, odd]
    const explanation = { ...COUNTEREXAMPLE.explanation, story }
    await expect(mermaidReport({ ...COUNTEREXAMPLE, explanation })).toMatchFileSnapshot(sample('story.mmd'))
  })
})

describe('several apps', () => {
  it('have lanes and arrows as the only one has', () => {
    const text = JSON.stringify(COUNTEREXAMPLE).replaceAll('consumer-', 'orders-')
    const renamed = JSON.parse(text) as Counterexample
    const apps = { orders: { processes: 2, atLeast: 1, atMost: 3 } }
    const workload = { ...renamed.schedule.workload, apps }
    const several = { ...renamed, schedule: { ...renamed.schedule, workload } }
    const alone = mermaidReport(COUNTEREXAMPLE)
    expect(alone).toContain('->>')
    expect(mermaidReport(several)).toBe(alone.replaceAll(/consumer([-_])/g, 'orders$1'))
    expect(lanesOf(several)).toEqual(
      lanesOf(COUNTEREXAMPLE).map((lane) => lane.replace('consumer', 'orders')),
    )
  })
})

describe('the timeline', () => {
  it('has a lane for the cluster and one for each process, offsets beyond 2^53 whole', async () => {
    const wide = { ...PLAIN_PAGE, width: Number.POSITIVE_INFINITY }
    await expect(`${timeline(HISTORY, wide)}\n`).toMatchFileSnapshot(sample('timeline.txt'))
  })

  it('cuts texts where the terminal is narrow, and no line is longer than it', () => {
    const lines = timeline(HISTORY, { ...PLAIN_PAGE, width: 90 }).split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(90)
    expect(lines.join('\n')).toContain('…')
  })
})
