import { parseArgs } from 'node:util'
import { DIFFERENCES } from './differences.ts'
import { javaRemote } from './java-remote.ts'
import { loopRemote } from './loop-remote.ts'
import { play, streamOf } from './play.ts'
import { drawScript } from './script.ts'

/**
 * `npm run poll-loop:java [-- --scripts 300 --seed 1 --only 17 --jobs 8]`: the same scripts of
 * calls and disturbances on Java's KafkaConsumer and on the poll loop, each on a simulated cluster
 * of its own over TCP. They must observe the same: records, positions, commits, callbacks and
 * exceptions; or the difference must be one of the table. Exit code 1 where it is not.
 */
const { values } = parseArgs({
  options: {
    scripts: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '8' },
  },
})
const counts = { same: 0, known: 0, unsteady: 0, different: 0 }
const byDifference = new Map<string, number>()
const java = await javaRemote()
const loop = loopRemote()
const indexes = values.only === undefined ? [...Array(Number(values.scripts)).keys()] : [Number(values.only)]

async function compare(index: number): Promise<void> {
  const script = drawScript(streamOf(values.seed, index), index)
  for (let attempt = 1; ; attempt += 1) {
    const [expected, found] = await Promise.all([
      play(script, java, `${index}/${attempt}`),
      play(script, loop, `${index}/${attempt}`),
    ])
    const at = expected.findIndex((line, place) => line !== found[place])
    if (at === -1) {
      // One that was different and is so no longer depends on the time that something took.
      if (attempt === 1) counts.same += 1
      else counts.unsteady += 1
      if (values.only !== undefined) console.log(expected.join('\n'))
      return
    }
    if (attempt < 3) continue
    const [theirs = '', ours = ''] = [expected[at], found[at]]
    const known = DIFFERENCES.find((each) => each.matches(theirs, ours, expected.slice(0, at)))
    if (known === undefined) counts.different += 1
    else {
      counts.known += 1
      byDifference.set(known.what, (byDifference.get(known.what) ?? 0) + 1)
    }
    if (known !== undefined && values.only === undefined) return
    console.log(
      `script ${index}, ${script.family}:\n${expected
        .slice(0, at)
        .map((line) => `    ${line}\n`)
        .join('')}  java ${theirs}\n  ours ${ours}\n`,
    )
    return
  }
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
  `${indexes.length} scripts: ${counts.same} the same, ${counts.unsteady} the same at another attempt, ${counts.known} with a known difference, ${counts.different} with another`,
)
process.exit(counts.different === 0 ? 0 : 1)
