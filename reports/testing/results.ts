import type { Confirmation } from '../../harness/core/confirmation.ts'
import type { Counterexample } from '../../harness/core/counterexample.ts'
import type { MeasureSeries } from '../../harness/core/measure-series.ts'
import type { CounterexampleSummary, Coverage, ScenarioResult } from '../../harness/core/result.ts'

/** Hand-made results, one of every kind that a report must show. */

export const COVERAGE: Coverage = {
  runsByStrategy: { 'fault-free': 1, sweep: 668, random: 499, swarm: 332, pct: 333, deviations: 167 },
  namedEvents: 214,
  sweep: { done: 668, total: 1_204, kinds: ['crash', 'pause', 'join', 'answer-lost'] },
  faultPhases: [
    { kind: 'answer-lost', phase: 'commit in flight', runs: 41 },
    { kind: 'crash', phase: 'handling', runs: 212 },
    { kind: 'crash', phase: 'idle', runs: 97 },
    { kind: 'pause', phase: 'handling', runs: 88 },
  ],
  faults: { placed: 2_410, skipped: 0 },
  beyond: [],
  never: [
    'no crash ever fell between an effect and its commit',
    '536 of 1204 single faults of the sweep were not tried: raise --runs or --time',
  ],
  selfChecks: 9,
}

/** The lag of two partitions around a pause, beyond its limit, and a crash that does not last. */
export const LAG: MeasureSeries = {
  measure: 'lagMax',
  highest: 12,
  limit: 10,
  lines: [
    {
      of: 'the group billing at orders/0',
      points: [
        [0, 0],
        [0, 4],
        [3_000, 4],
        [3_000, 0],
      ],
    },
    {
      of: 'the group <billing> at orders/1',
      points: [
        [0, 0],
        [0, 12],
        [48_000, 12],
        [48_000, 0],
        [600_000, 0],
      ],
    },
  ],
  faults: [
    { fault: 'pause consumer-0 for 45 s', beginsMs: 3_000, endsMs: 48_000 },
    { fault: 'crash consumer-0', beginsMs: 48_100, endsMs: null },
  ],
}

/** Its limit lies far above. */
const RECOVERY: MeasureSeries = {
  measure: 'recoveryMsMax',
  highest: 1_500,
  limit: 600_000,
  lines: [
    {
      of: 'crash consumer-0',
      points: [
        [500, 0],
        [2_000, 1_500],
        [2_000, 0],
      ],
    },
  ],
  faults: [{ fault: 'crash consumer-0', beginsMs: 500, endsMs: null }],
}

const SERIES: readonly MeasureSeries[] = [
  LAG,
  { measure: 'duplicatesMax', highest: 0, limit: null, lines: [], faults: [] },
  RECOVERY,
]

const BLANK: ScenarioResult = {
  name: 'orders consumer',
  file: 'scenarios/orders/orders.scenario.ts',
  guarantee: 'at-least-once',
  verdict: 'held',
  runs: 2_000,
  seed: '481516',
  strategy: 'portfolio',
  durationMs: 2_298.4,
  schedulesPerSecond: 870.2,
  violations: [],
  notes: [],
  remarks: [],
  output: [],
  counterexample: null,
  others: [],
  recalled: null,
  coverage: null,
  problem: null,
  interrupted: false,
  usageError: false,
}

const LOST = {
  property: 'lost-record',
  message: 'orders/1@7 was never processed: consumer-1 resumed at 8 because consumer-0 had committed 8',
  events: [12, 57, 88],
} as const

export const COUNTEREXAMPLE: Counterexample = {
  version: 1,
  scenario: { name: 'orders consumer', file: '../scenarios/orders/orders.scenario.ts' },
  schedule: {
    seed: '481516/a1',
    workload: {
      consumers: 2,
      brokers: 1,
      topics: { orders: { partitions: 2, startOffset: '0' } },
      records: Array.from({ length: 9 }, (_, index) => ({
        topic: 'orders',
        partition: 1,
        key: null,
        value: `${index}`,
        atMs: 0,
      })),
    },
    faults: [
      {
        kind: 'pause',
        target: 'consumer-0',
        at: { event: 'consumer-0 process start orders/1@7' },
        durationMs: 45_000,
      },
      {
        kind: 'crash',
        target: 'consumer-0',
        at: { event: 'consumer-0 OffsetCommit#2 applied' },
        restartMs: 100,
      },
      { kind: 'link-reset', target: 'consumer-1~broker-0', at: { atMs: 1_500 } },
    ],
    holds: [{ event: 'consumer-1 JoinGroup#2 sent', durationMs: 40 }],
  },
  violation: LOST,
  historyHash: '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9',
  explanation: {
    sentence:
      'orders/1@7 is lost. consumer-0 committed offset 8 while its handler was still working on it, crashed, and consumer-1 resumed at 8.',
    story: [
      {
        timeUs: 3_015_434,
        lane: 'consumer-0',
        text: 'owns orders/1 (generation 1), from the beginning',
        mark: 'told',
        events: [],
      },
      {
        timeUs: 3_025_120,
        lane: 'consumer-0',
        text: 'processes orders/1@0 to @6; commits offset 7',
        mark: 'commit',
        events: [],
      },
      { timeUs: 3_027_001, lane: 'consumer-0', text: 'begins orders/1@7', mark: 'work', events: [] },
      { timeUs: 3_028_400, lane: 'consumer-0', text: 'freezes', mark: 'freeze', events: [], fault: 0 },
      {
        timeUs: 33_400_000,
        lane: 'network',
        text: 'connections of consumer-1~broker-0 are reset',
        mark: 'trouble',
        events: [],
        fault: 2,
      },
      {
        timeUs: 48_028_400,
        lane: 'consumer-0',
        text: 'wakes up, 45 s later',
        mark: 'resume',
        events: [],
      },
      {
        timeUs: 48_029_700,
        lane: 'consumer-0',
        text: 'commits offset 8 of orders/1',
        mark: 'commit',
        events: [],
      },
      { timeUs: 48_029_900, lane: 'consumer-0', text: 'crashes', mark: 'crash', events: [], fault: 1 },
      {
        timeUs: 78_033_100,
        lane: 'consumer-1',
        text: 'owns orders/1 (generation 2), from offset 8',
        mark: 'told',
        events: [],
      },
      {
        timeUs: 78_034_500,
        lane: 'consumer-1',
        text: 'begins orders/1@8',
        mark: 'work',
        events: [],
      },
      { timeUs: 78_041_000, lane: 'consumer-1', text: 'processes orders/1@8', mark: 'work', events: [] },
      { timeUs: 78_041_000, lane: '', text: 'orders/1@7 is never processed', mark: 'outcome', events: [] },
    ],
    necessary: [
      { fault: 'pause consumer-0', needed: true },
      { fault: 'crash consumer-0', needed: true },
      { fault: 'link-reset consumer-1~broker-0', needed: false },
    ],
    inevitableFrom: 'crash consumer-0',
    continuations: [
      { step: 0, failed: 0, of: 6 },
      { step: 1, failed: 0, of: 6 },
      { step: 2, failed: 2, of: 6 },
      { step: 3, failed: 6, of: 6 },
      { step: 4, failed: 6, of: 6 },
    ],
  },
  made: { harness: '0.1.0', node: 'v24.21.0', client: 'kafkajs 2.2.4' },
}

const SUMMARY: CounterexampleSummary = {
  file: '.onceover/orders-consumer-lost-record.json',
  replayCommand: 'npx onceover replay .onceover/orders-consumer-lost-record.json',
  content: COUNTEREXAMPLE,
  faults: 3,
  holds: 1,
  records: 9,
  consumers: 2,
  partitions: 2,
  minimal: true,
  shrinkRuns: 143,
  shrinkMs: 376.2,
  foundAfterRuns: 14,
  cause: 'lost-record: # committed offset # while its handler was still working on it',
  knownFrom: null,
  series: [],
}

export const HELD: ScenarioResult = {
  ...BLANK,
  coverage: COVERAGE,
  remarks: ['nobody reads the records of mail: the app subscribes to orders'],
  notes: [
    {
      property: 'position-jump',
      message: 'consumer-1 went from orders/0@4 back to orders/0@2',
      events: [3, 9],
    },
  ],
}

export const SWEPT: ScenarioResult = {
  ...BLANK,
  name: 'payments <"café"> & co',
  coverage: {
    ...COVERAGE,
    sweep: { ...COVERAGE.sweep, done: 1_204 },
    measured: { lagMax: 12, duplicatesMax: 0, stoppedMsMax: 0, recoveryMsMax: 1_500 },
    series: SERIES,
    never: [],
  },
}

export const VIOLATED: ScenarioResult = {
  ...BLANK,
  verdict: 'violated',
  runs: 14,
  durationMs: 16.1,
  violations: [
    LOST,
    {
      property: 'commit-ahead',
      message: 'consumer-0 committed offset 8 of orders/1 before orders/1@7 was processed',
      events: [57],
    },
  ],
  counterexample: SUMMARY,
  coverage: COVERAGE,
}

/** Two findings: one had been resolved, and the other is new. */
export const SEVERAL: ScenarioResult = {
  ...VIOLATED,
  counterexample: {
    ...SUMMARY,
    foundAfterRuns: 0,
    state: 'regressed',
    knownFrom: '.onceover/corpus/failing/orders-consumer-lost-record-1f2e3d4c.json',
  },
  others: [
    {
      ...SUMMARY,
      file: '.onceover/orders-consumer-stuck-partition.json',
      replayCommand: 'npx onceover replay .onceover/orders-consumer-stuck-partition.json',
      cause: 'stuck-partition: # never learns of its assignment',
      state: 'new',
      content: {
        ...COUNTEREXAMPLE,
        violation: { property: 'stuck-partition', message: 'orders/0 is stuck at @4', events: [91] },
        explanation: {
          ...COUNTEREXAMPLE.explanation,
          sentence: 'orders/0 is stuck at @4: consumer-0 never learnt of its assignment.',
        },
      },
    },
  ],
  recalled: {
    tried: [
      {
        file: '.onceover/corpus/failing/orders-consumer-lost-record-1f2e3d4c.json',
        property: 'lost-record',
        sentence: 'orders/1@7 is lost.',
        state: 'regressed',
      },
      {
        file: '.onceover/corpus/resolved/orders-consumer-dead-consumer-99887766.json',
        property: 'dead-consumer',
        sentence: 'consumer-0 is dead.',
        state: 'resolved',
      },
    ],
    leftOut: ['.onceover/corpus/failing/old.json was not tried: the scenario no longer has the topic mail'],
  },
}

/** The time was up while it was shrunk. */
export const CONFIRMATION: Confirmation = {
  property: 'lost-record',
  reproduced: 2,
  of: 3,
  cluster: 'Kafka 4.1.0',
  how: 'local processes, Toxiproxy 2.12.0',
  faults: [],
  tries: [],
  notApplicable: null,
}

/** A result that was replayed on a real cluster. */
export const CONFIRMED: ScenarioResult = {
  ...VIOLATED,
  counterexample: VIOLATED.counterexample && { ...VIOLATED.counterexample, confirmation: CONFIRMATION },
}

export const CUT_SHORT: ScenarioResult = {
  ...VIOLATED,
  counterexample: { ...SUMMARY, minimal: false, shrinkRuns: 4 },
}

/** Found in memory, and it needs no fault. */
export const VIOLATED_CALM: ScenarioResult = {
  ...VIOLATED,
  name: 'notifier',
  file: null,
  runs: 1,
  violations: [LOST],
  counterexample: {
    ...SUMMARY,
    series: [RECOVERY],
    file: null,
    replayCommand: null,
    faults: 0,
    holds: 0,
    foundAfterRuns: 1,
    content: {
      ...COUNTEREXAMPLE,
      schedule: { ...COUNTEREXAMPLE.schedule, faults: [], holds: [] },
      explanation: {
        ...COUNTEREXAMPLE.explanation,
        story: COUNTEREXAMPLE.explanation.story.map(({ fault: _, ...line }) => line),
        necessary: [],
        inevitableFrom: 'the start',
      },
    },
  },
}

export const INTERRUPTED: ScenarioResult = {
  ...BLANK,
  verdict: 'undecided',
  runs: 650,
  coverage: COVERAGE,
  interrupted: true,
  problem: 'interrupted after 650 of 2000 schedules; none of them failed',
}

export const WRONG_USE: ScenarioResult = {
  ...BLANK,
  name: 'scenarios/typo.ts',
  file: 'scenarios/typo.ts',
  guarantee: 'unknown',
  verdict: 'error',
  runs: 0,
  durationMs: 0,
  schedulesPerSecond: 0,
  problem: "scenarios/typo.ts: the scenario has an unknown field 'topic'; did you mean 'topics'?",
  output: [
    { timeUs: 4_000, process: 'consumer-0', stream: 'stdout', text: 'started' },
    { timeUs: 12_345_678, process: 'consumer-10', stream: 'stderr', text: 'Error: DB_URL is not set' },
  ],
  usageError: true,
}

export const HARNESS_ERROR: ScenarioResult = {
  ...BLANK,
  verdict: 'error',
  runs: 256,
  problem:
    'HarnessError: unreachable: "x"\n    at unreachable (harness/core/errors.ts:34:9)\n    at run (harness/run/run.ts:1:1)',
}

export const ALL: readonly ScenarioResult[] = [
  VIOLATED,
  VIOLATED_CALM,
  HELD,
  SWEPT,
  INTERRUPTED,
  WRONG_USE,
  HARNESS_ERROR,
]
