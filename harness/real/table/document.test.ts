import { describe, expect, it } from 'vitest'
import { withLinesOf } from './document.ts'
import type { TableRow } from './row.ts'

const probe: TableRow = {
  name: 'kind topic-late',
  isProbe: true,
  simulated: false,
  kinds: ['topic-late'],
  brokers: 1,
  twin: null,
  problem: null,
  before: [],
  mutant: {
    loads: [1],
    startsMs: [1],
    confirmation: {
      property: 'duplicate-effect',
      reproduced: 0,
      of: 1,
      cluster: 'Kafka 4.1.0',
      how: 'local processes',
      faults: [],
      notApplicable: null,
      tries: [
        {
          reproduced: false,
          ms: 1,
          sentence: null,
          also: [],
          faults: [{ beganMs: 1 }],
          diverged: [],
          toxiproxy: { calls: 0, ms: 0, slowestMs: 0 },
        },
      ],
    },
  },
}
const document = [
  '| crash | exact | SIGKILL | 214 | 214 | yes | 1 of 1 |',
  '| topic-late | exact | CreateTopics | 3 | 3 | no | 3 of 3 |',
].join('\n')

describe('some rows of a document', () => {
  it('are written over their like, and nothing else is touched', () => {
    const [crash, late] = withLinesOf(document, [probe]).split('\n')
    expect(crash).toBe('| crash | exact | SIGKILL | 214 | 214 | yes | 1 of 1 |')
    expect(late).toMatch(/^\| topic-late \| exact \| CreateTopics .* \| 1 \| 1 \| no \| 0 of 1 \|$/)
  })

  it('have to have a line there', () => {
    expect(() => withLinesOf('', [probe])).toThrow("no line that begins with '| topic-late | '")
  })
})
