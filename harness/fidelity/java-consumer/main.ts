import { parseArgs } from 'node:util'
import { DIFFERENCES } from './differences.ts'
import { javaRemote } from './java-remote.ts'
import { loopRemote } from './loop-remote.ts'
import { play, streamOf } from './play.ts'
import { drawScript } from './script.ts'

/**
 * `npm run poll-loop:java [-- --scripts 300 --seed 1 --only 17 --jobs 8 --client 3.9.1]`: the same
 * scripts of calls and disturbances on Java's KafkaConsumer and on the poll loop, each on a
 * simulated cluster of its own over TCP. They must observe the same: records, positions, commits,
 * callbacks and exceptions; or the difference must be one of the table. Exit code 1 where it is
 * not. Time is real, so that a script can have several outcomes: one that differs is played again,
 * and counts as the same as soon as both have had one outcome in common.
 */
const { values } = parseArgs({
  options: {
    scripts: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '8' },
    client: { type: 'string', default: '4.1.0' },
  },
})
const counts = { same: 0, known: 0, unsteady: 0, different: 0 }
const byDifference = new Map<string, number>()
const ATTEMPTS_MAX = 5
const java = await javaRemote(values.client)
const loop = loopRemote()
const indexes = values.only === undefined ? [...Array(Number(values.scripts)).keys()] : [Number(values.only)]

/** The first place at which they differ; -1: nowhere. */
function differsAt(java: readonly string[], ours: readonly string[]): number {
  return java.findIndex((line, place) => line !== ours[place])
}

async function compare(index: number): Promise<void> {
  const script = drawScript(streamOf(values.seed, index), index)
  const expected: string[][] = []
  const found: string[][] = []
  while (expected.length < ATTEMPTS_MAX) {
    const name = `${index}/${expected.length}`
    const [theirs, ours] = await Promise.all([play(script, java, name), play(script, loop, name)])
    expected.push(theirs)
    found.push(ours)
    if (!expected.some((each) => found.some((other) => differsAt(each, other) === -1))) continue
    if (expected.length === 1) counts.same += 1
    else counts.unsteady += 1
    if (values.only !== undefined) console.log(theirs.join('\n'))
    return
  }
  tell(index, script.family, expected[0] ?? [], found[0] ?? [])
}

function tell(index: number, family: string, java: readonly string[], loop: readonly string[]): void {
  const at = differsAt(java, loop)
  const [theirs = '', ours = ''] = [java[at], loop[at]]
  const before = java.slice(0, at)
  const known = DIFFERENCES.find((each) => each.matches(theirs, ours, before))
  if (known === undefined) counts.different += 1
  else {
    counts.known += 1
    byDifference.set(known.what, (byDifference.get(known.what) ?? 0) + 1)
  }
  if (known !== undefined && values.only === undefined) return
  const lines = before.map((line) => `    ${line}\n`).join('')
  console.log(`script ${index}, ${family}:\n${lines}  java ${theirs}\n  ours ${ours}\n`)
}

const queue = [...indexes]
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await compare(next)
  }),
)
await java.stop()
for (const [what, count] of byDifference) console.log(`${count} × ${what}`)
console.log(
  `${java.name}, ${indexes.length} scripts: ${counts.same} the same, ${counts.unsteady} the same at another attempt, ${counts.known} with a known difference, ${counts.different} with another`,
)
process.exit(counts.different === 0 ? 0 : 1)
