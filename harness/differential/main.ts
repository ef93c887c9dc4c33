import { parseArgs } from 'node:util'
import { RealBroker, SETTINGS } from './broker.ts'
import { generate } from './generate.ts'
import { play } from './play.ts'
import { playAll } from './play-all.ts'
import type { Script } from './script.ts'
import { RealTarget, SimulatedTarget } from './target.ts'
import { playTransactions } from './transactions-2.ts'

/**
 * `npm run differential -- --libs FOLDER [--scripts 200] [--seed 1] [--only NUMBER] [--version-2 40]`: the same generated
 * scripts on the simulated cluster and on a real broker, started from a folder of Kafka's jars. Prints every script that
 * differs, with its first difference. Exit code 1 where one does.
 */
const { values } = parseArgs({
  options: {
    libs: { type: 'string' },
    scripts: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'version-2': { type: 'string', default: '40' },
    full: { type: 'boolean', default: false },
  },
})
const numbers =
  values.only === undefined
    ? Array.from({ length: Number(values.scripts) }, (_, index) => index)
    : values.only.split(',').map(Number)
const scripts = numbers.map((number) => generate(values.seed, number))

const AT_ONCE = 15

let broker: RealBroker
try {
  if (values.libs === undefined) throw new Error("no --libs with Kafka's jars was given")
  broker = await RealBroker.start(values.libs)
} catch (error) {
  console.log(`skipped: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(0)
}

const startedAt = performance.now()
const names = Array.from({ length: Number(values['version-2']) }, (_, number) => `${values.seed}-${number}`)
const realTransactions = new Map<string, readonly string[]>()
let real: ReadonlyMap<Script, readonly string[]>
try {
  const restart = (): Promise<void> => broker.restart()
  real = await playAll(scripts, (restarted) => new RealTarget(broker.address, restarted), restart)
  const queue = [...names]
  const players = Array.from({ length: AT_ONCE }, async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const target = new RealTarget(broker.address, () => broker.restart())
      realTransactions.set(name, await playTransactions(target, name, name))
    }
  })
  await Promise.all(players)
} finally {
  await broker.stop()
}

/** Kafka elects by the order of a hash map over random ids, where the leader of before is gone. */
function leaderOnly(a: string, b: string): boolean {
  const plain = (line: string): string => line.replaceAll(/, leads \d+/g, '')
  return plain(a) === plain(b)
}

let [different, undetermined] = [0, 0]
let steps = 0
for (const script of scripts) {
  const simulated = await play(script, new SimulatedTarget(SETTINGS), 'd')
  const seen = real.get(script) ?? []
  steps += simulated.length
  const at = simulated.findIndex((line, index) => line !== seen[index])
  if (values.full)
    console.log(
      script.name,
      simulated.map((line, i) => `\n  ${line}\n     real ${seen[i]?.split(' => ').at(-1)}`).join(''),
    )
  if (at === -1) continue
  if (leaderOnly(simulated[at] ?? '', seen[at] ?? '')) {
    undetermined += 1
    continue
  }
  different += 1
  console.log(`\n${script.name}, step ${at + 1} of ${simulated.length}`)
  for (const line of simulated.slice(Math.max(0, at - 4), at)) console.log(`    ${line}`)
  console.log(`  simulated: ${simulated[at]}\n  real:      ${seen[at]?.split(' => ').at(-1)}`)
}
let differentTransactions = 0
for (const name of names) {
  const simulated = await playTransactions(new SimulatedTarget(SETTINGS), name, name)
  const seen = realTransactions.get(name) ?? []
  const at = simulated.findIndex((line, index) => line !== seen[index])
  if (at === -1) continue
  differentTransactions += 1
  console.log(`\ntransactions of version 2, ${name}, step ${at + 1} of ${simulated.length}`)
  for (const line of simulated.slice(Math.max(0, at - 6), at)) console.log(`    ${line}`)
  console.log(`  simulated: ${simulated[at]}\n  real:      ${seen[at]}`)
}
console.log(
  `\n${names.length - differentTransactions} of ${names.length} scripts of transactions of version 2 equal`,
)
console.log(
  `\n${scripts.length - different} of ${scripts.length} scripts equal (${undetermined} of them up to an election whose outcome Kafka leaves to chance; ${steps} steps, ${Math.round((performance.now() - startedAt) / 1000)} s)`,
)
process.exit(different + differentTransactions === 0 ? 0 : 1)
