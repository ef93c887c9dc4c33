import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { afterAll, expect } from 'vitest'

/*
 * `npm run test:cost` has this read before each test file: one line of JSON with the CPU that the
 * file took, with what it loads first and with the processes that it waited for.
 */

export interface FileCost {
  readonly file: string
  readonly ownMs: number
  /** Child processes that have ended; 0 where the system does not tell. */
  readonly childrenMs: number
}

const STAT = '/proc/self/stat'
/** A tick of the clock by which /proc counts. */
const MS_PER_TICK = 10

function childrenMs(): number {
  if (!existsSync(STAT)) return 0
  const stat = readFileSync(STAT, 'utf8')
  // The second field is a name in brackets; cutime and cstime are the 16th and the 17th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK
}

function ownMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const to = process.env['TEST_COST_FILE']
const before = { ownMs: ownMs(), childrenMs: childrenMs() }

afterAll(() => {
  if (to === undefined) return
  const cost: FileCost = {
    file: expect.getState().testPath ?? 'a file without a name',
    ownMs: ownMs() - before.ownMs,
    childrenMs: childrenMs() - before.childrenMs,
  }
  appendFileSync(to, `${JSON.stringify(cost)}\n`)
})
