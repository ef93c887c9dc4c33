import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import { WorkerPool } from '../check/workers/pool.ts'
import { SCENARIOS } from './testing/run-cli.ts'
import { runMain } from './testing/run-main.ts'

/** Trials that workers ran, by how many of them there were. */
const onWorkers = new Map<number, number>()

// A pool ends so short a search before its workers are ready: here it waits for them.
const tryOnPool = WorkerPool.prototype.try
vi.spyOn(WorkerPool.prototype, 'try').mockImplementation(async function (this: WorkerPool, trial) {
  await this.start()
  onWorkers.set(this.width, (onWorkers.get(this.width) ?? 0) + 1)
  return Reflect.apply(tryOnPool, this, [trial])
})

// Found only after several schedules have been dealt out to each thread: the 22nd of 24.
const ARGS = ['check', `${SCENARIOS}/commits-before.scenario.ts`, '--strategy', 'swarm', '--seed', '2']
const LIMITS = ['--runs', '24', '--findings', '2', '--no-corpus', '--quiet', '--json', '-']

/** All that a check with so many threads printed and wrote, but for times. */
async function reported(jobs: string): Promise<unknown> {
  const out = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  const { code, stdout } = await runMain([...ARGS, ...LIMITS, '--jobs', jobs, '--out', out])
  const texts = [stdout, ...readdirSync(out).map((file) => readFileSync(path.join(out, file), 'utf8'))]
  return { code, texts: texts.map((text) => timeless(text).replaceAll(out, 'OUT')) }
}

function timeless(text: string): string {
  return text.replaceAll(/("(?:durationMs|wallMs|shrinkMs|schedulesPerSecond)": ?)[\d.e-]+/g, '$10')
}

let alone: unknown

beforeAll(async () => {
  alone = await reported('1')
})

it.each(['2', '3'])(
  'a report and its replay files are the same to the byte with %s threads',
  async (jobs) => {
    expect(alone).toMatchObject({
      code: 1,
      texts: [expect.stringContaining('lost-record'), expect.anything()],
    })
    expect(await reported(jobs)).toEqual(alone)
    expect(onWorkers.get(Number(jobs))).toBeGreaterThanOrEqual(21)
  },
)
