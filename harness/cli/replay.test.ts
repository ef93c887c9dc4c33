import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Counterexample } from '../core/counterexample.ts'
import { EXIT } from './exit.ts'
import { ROOT, SCENARIOS } from './testing/run-cli.ts'
import { runMain } from './testing/run-main.ts'

const BEFORE = `${SCENARIOS}/commits-before.scenario.ts`

let good: Counterexample
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  await runMain(['check', BEFORE, '--seed', '7', '--out', folder])
  good = JSON.parse(readFileSync(path.join(folder, 'commits-before-its-work-lost-record.json'), 'utf8'))
})

let files = 0
/** A replay file with this content, in a folder from where its scenario is found. */
function fileWith(content: unknown): string {
  files += 1
  const file = path.join(folder, `${files}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('onceover replay', () => {
  it('still fails: the story, the same history, exit code 1', async () => {
    const { code, stdout } = await runMain(['replay', fileWith(good)])
    expect(stdout).toMatch(
      /^✗ commits before its work: still fails with lost-record\n {2}lost-record: orders\/0@\d+ is lost\. consumer-0 committed/,
    )
    expect(stdout).toContain(
      'The history is the same as when the file was made, byte for byte, in both runs.',
    )
    expect(code).toBe(EXIT.violated)
  })

  it('the history as JSON lines, in a file or alone on standard output', async () => {
    const file = path.join(folder, 'history.jsonl')
    expect((await runMain(['replay', fileWith(good), '--history', file])).code).toBe(EXIT.violated)
    const lines = readFileSync(file, 'utf8')
    const events = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ seq }) => seq)).toEqual([...events.keys()])
    const commits = events.filter(({ kind, phase }) => kind === 'commit' && phase === 'applied')
    expect(commits[0]).toMatchObject({ group: 'billing', offset: expect.stringMatching(/^\d+$/) })
    const printed = await runMain(['replay', fileWith(good), '--history', '-'])
    expect(printed.stdout).toBe(lines)
    expect(printed.stderr).toContain('still fails with lost-record')
  })

  it('in the time zone that the file was made in', async () => {
    expect(good.made).toMatchObject({ timeZone: 'UTC', locale: 'en-US' })
    const file = path.relative(folder, `${SCENARIOS}/local-time.scenario.ts`)
    const elsewhere = (timeZone: string): string =>
      fileWith({
        ...good,
        scenario: { name: 'reads the local time', file },
        made: { ...good.made, timeZone },
      })
    expect((await runMain(['replay', elsewhere('UTC')])).code).toBe(EXIT.held)
    const { code, stderr } = await runMain(['replay', elsewhere('Asia/Tokyo')])
    expect(stderr).toContain('exited with code 1')
    expect(code).toBe(EXIT.wrongUse)
  })

  it('what the app printed: its last lines under the violation, all of it by --console, lanes in --timeline', async () => {
    const checked = await runMain([
      'check',
      `${SCENARIOS}/prints.scenario.ts`,
      '--seed',
      '7',
      '--out',
      folder,
    ])
    expect(checked.stdout).toMatch(
      /The app printed at the end:\n.* {2}started\n.* {2}saved \{ offset: '0' \}\n.*the handler failed: RangeError: no such order\n/,
    )
    const written = path.join(folder, 'prints-dead-consumer.json')
    const { stdout } = await runMain(['replay', written, '--console'])
    expect(stdout).toMatch(/^ *0\.\d{3} s {2}consumer-0 {2}started\n/)
    // The client's own lines, too.
    expect(stdout).toContain('"logger":"kafkajs"')
    const lanes = await runMain(['replay', written, '--timeline'])
    expect(lanes.stdout).toMatch(/^ +\d+\.\d{3} +│ started$/m)
  })

  it('no longer fails, as its scenario is a better one now: exit code 0', async () => {
    const after = path.relative(folder, path.join(ROOT, SCENARIOS, 'commits-after.scenario.ts'))
    const mended = { ...good, scenario: { name: 'commits after its work', file: after } }
    const { code, stdout } = await runMain(['replay', fileWith(mended)])
    expect(stdout).toBe(
      '✓ commits after its work: no longer fails (it was lost-record)\n  The history is not the same as when the file was made.\n',
    )
    expect(code).toBe(EXIT.held)
  })

  it('made with other versions: it says which, and whether the history changed', async () => {
    const made = { harness: '0.0.9', node: 'v22.0.0', client: good.made.client }
    const { stdout } = await runMain(['replay', fileWith({ ...good, made, historyHash: 'f'.repeat(64) })])
    expect(stdout).toContain('The history is not the same as when the file was made, but equal in both runs.')
    expect(stdout).toMatch(/Since the file was made, onceover was 0\.0\.9 and is \d/)
    expect(stdout).toContain(`Since the file was made, Node was v22.0.0 and is ${process.version}.`)
    expect(stdout).not.toContain('the client was')
  })

  it('a fault at an event that never happens is skipped, and named', async () => {
    const extra = { kind: 'crash', target: 'consumer-0', at: { event: 'consumer-9 start' }, restartMs: 1 }
    const schedule = { ...good.schedule, faults: [...good.schedule.faults, extra] }
    const { stdout, code } = await runMain(['replay', fileWith({ ...good, schedule })])
    expect(stdout).toContain("The fault crash never acted: 'consumer-9 start' never happened.")
    expect(code).toBe(EXIT.violated)
  })

  it('--timeline prints every event in lanes before the story', async () => {
    const { stdout } = await runMain(['replay', fileWith(good), '--timeline'])
    expect(stdout).toMatch(/^ virtual ms {2}cluster +consumer-0\n/)
    expect(stdout).toContain('commit applied: offset 1 of orders/0')
    expect(stdout).toContain('still fails with lost-record')
  })

  it('--mermaid prints a diagram alone', async () => {
    const { stdout } = await runMain(['replay', fileWith(good), '--mermaid'])
    expect(stdout).toMatch(/^sequenceDiagram\n {2}title lost-record\n/)
    expect(stdout).not.toContain('still fails')
  })
})

describe('a replay file that is not what it should be: one sentence, exit code 3', () => {
  const crash = { kind: 'crash', target: 'consumer-0', at: { event: 'x' }, restartMs: 1 }
  const withFault = (fault: unknown) => ({ ...good, schedule: { ...good.schedule, faults: [fault] } })
  const CASES: readonly (readonly [string, () => unknown, (file: string) => string])[] = [
    [
      'not JSON',
      () => '{ half',
      (file) => `${file} is not JSON; it must be a replay file that 'onceover check' wrote`,
    ],
    [
      'another version',
      () => ({ ...good, version: 99, tomorrow: true }),
      (file) =>
        `${file} is a replay file of version 99, and this onceover reads version 1; make a new one with 'onceover check'`,
    ],
    [
      'another JSON file',
      () => ({ name: 'onceover' }),
      (file) =>
        `${file} has an unknown field 'name'; it may have: version, scenario, schedule, violation, historyHash, explanation, made`,
    ],
    ['a list', () => [], (file) => `${file} is an empty list; make a new one with 'onceover check'`],
    [
      'an unknown field',
      () => ({ ...good, shedule: {} }),
      (file) => `${file} has an unknown field 'shedule'; did you mean 'schedule'?`,
    ],
    [
      'an unknown fault',
      () => withFault({ ...crash, kind: 'crahs' }),
      (file) => `${file} has 'crahs' as 'schedule.faults.0.kind'; did you mean 'crash'?`,
    ],
    [
      'a field that this fault does not have',
      () => withFault({ ...crash, durationMs: 5 }),
      (file) => `${file} has an unknown field 'schedule.faults.0.durationMs'; take it away`,
    ],
    [
      'a record for a partition that is not there',
      () => ({
        ...good,
        schedule: { ...good.schedule, workload: { ...good.schedule.workload, topics: {} } },
      }),
      (file) =>
        `${file} has a record for orders/0, which is not among its topics; add it to 'schedule.workload.topics'`,
    ],
    [
      'a scenario that is gone',
      () => ({ ...good, scenario: { ...good.scenario, file: 'gone.ts' } }),
      (file) =>
        `${file} belongs to the scenario in ${path.join(folder, 'gone.ts')}, which is not there; put it back, or mend 'scenario.file', a path from the replay file's folder`,
    ],
    [
      'a scenario with another name',
      () => ({ ...good, scenario: { ...good.scenario, name: 'billing' } }),
      (file) =>
        `${BEFORE} has no scenario named 'billing', only 'commits before its work'; mend 'scenario.name' in ${file}`,
    ],
  ]
  it.each(CASES)('%s', async (_title, content, sentence) => {
    const file = fileWith(content())
    const { code, stdout, stderr } = await runMain(['replay', file])
    expect(stderr).toBe(`onceover: ${sentence(file)}\n`)
    expect(stdout).toBe('')
    expect(code).toBe(EXIT.wrongUse)
  })
})
