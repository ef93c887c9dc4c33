import { parseArgs } from 'node:util'
import { kafkaJars } from '../artifacts/kafka.ts'
import { RealBroker, SETTINGS } from './broker.ts'
import { generate } from './generate.ts'
import { play } from './play.ts'
import { playAll } from './play-all.ts'
import type { Script } from './script.ts'
import { RealBrokerTarget, SimulatedTarget } from './target.ts'
import { playTransactions } from './transactions-2.ts'

/**
 * `npm run differential [-- --releases 4.1.0 --scripts 200 --seed 1 --only 17,57 --full --version-2
 * 40]`: the same generated scripts on the simulated cluster and on real brokers of these releases.
 * Prints every script that differs, with its first difference. Exit code 1 where one does.
 */
const { values } = parseArgs({
  options: {
    releases: { type: 'string', default: '4.1.0' },
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
const all = numbers.map((number) => generate(values.seed, number))
const names = Array.from({ length: Number(values['version-2']) }, (_, number) => `${values.seed}-${number}`)

/** How many scripts of transactions a broker plays at a time. */
const AT_ONCE = 15

type Lines = readonly string[]

/** A broker's answers, by script. */
interface Seen {
  readonly scripts: ReadonlyMap<Script, Lines>
  readonly transactions: ReadonlyMap<string, Lines>
}

let different = 0
for (const release of values.releases.split(',')) {
  const scripts = all.filter((script) => knows(release, script))
  const startedAt = performance.now()
  let seen: Seen
  try {
    seen = await onKafka(release, scripts)
  } catch (error) {
    console.log(`skipped: Kafka ${release}: ${error instanceof Error ? error.message : String(error)}`)
    continue
  }
  console.log(`\nKafka ${release}`)
  different += await compareScripts(seen.scripts)
  if (knowsVersion2(release)) different += await compareTransactions(seen.transactions)
  console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
}
process.exit(different === 0 ? 0 : 1)

async function onKafka(release: string, scripts: readonly Script[]): Promise<Seen> {
  const broker = await RealBroker.start(await kafkaJars(release))
  const restart = (): Promise<void> => broker.restart()
  try {
    const played = await playAll(
      scripts,
      (restarted) => new RealBrokerTarget(broker.address, restarted),
      restart,
    )
    const transactions = new Map<string, Lines>()
    const queue = knowsVersion2(release) ? [...names] : []
    const players = Array.from({ length: AT_ONCE }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift())
        transactions.set(
          name,
          await playTransactions(new RealBrokerTarget(broker.address, restart), name, name),
        )
    })
    await Promise.all(players)
    return { scripts: played, transactions }
  } finally {
    await broker.stop()
  }
}

/** The consumer protocol (KIP-848) is served since Kafka 4.0. */
function knows(release: string, { name }: Script): boolean {
  return !release.startsWith('3.') || !/consumers|migration/.test(name)
}

/** Transactions of version 2 came with Kafka 4.0. */
function knowsVersion2(release: string): boolean {
  return !release.startsWith('3.')
}

/** How many scripts differ. */
async function compareScripts(real: ReadonlyMap<Script, Lines>): Promise<number> {
  let [wrong, undetermined, steps] = [0, 0, 0]
  for (const [script, seen] of real) {
    const simulated = await play(script, new SimulatedTarget(SETTINGS), 'd')
    steps += simulated.length
    if (values.full) showWhole(script.name, simulated, seen)
    const at = differsAt(simulated, seen)
    if (at === -1) continue
    if (leaderOnly(simulated[at] ?? '', seen[at] ?? '') || unwritten(simulated[at] ?? '', seen[at] ?? ''))
      undetermined += 1
    else {
      wrong += 1
      showDifference(script.name, simulated, seen)
    }
  }
  const chance = `${undetermined} of them up to an answer that Kafka leaves to chance`
  console.log(`${real.size - wrong} of ${real.size} scripts equal (${chance}; ${steps} steps)`)
  return wrong
}

/** How many scripts of transactions of version 2 differ. */
async function compareTransactions(real: ReadonlyMap<string, Lines>): Promise<number> {
  let wrong = 0
  for (const name of names) {
    const simulated = await playTransactions(new SimulatedTarget(SETTINGS), name, name)
    const seen = real.get(name) ?? []
    if (differsAt(simulated, seen) === -1) continue
    wrong += 1
    showDifference(`transactions of version 2, ${name}`, simulated, seen)
  }
  console.log(`${names.length - wrong} of ${names.length} scripts of transactions of version 2 equal`)
  return wrong
}

function differsAt(simulated: Lines, seen: Lines): number {
  return simulated.findIndex((line, index) => line !== seen[index])
}

/** Kafka elects by the order of a hash map over random ids, when the previous leader is gone. */
function leaderOnly(a: string, b: string): boolean {
  const plain = (line: string): string => line.replaceAll(/, leads \d+/g, '')
  return plain(a) === plain(b)
}

/**
 * DescribeGroups sees a group that JoinGroup has made only once anything else was written to the
 * same partition of `__consumer_offsets`: by another group's doing, and so by chance.
 */
function unwritten(simulated: string, seen: string): boolean {
  return simulated.includes('"describe-group"') && seen.endsWith(' => NONE Dead  members 0')
}

function showDifference(name: string, simulated: Lines, seen: Lines): void {
  const at = differsAt(simulated, seen)
  console.log(`\n${name}, step ${at + 1} of ${simulated.length}`)
  for (const line of simulated.slice(Math.max(0, at - 4), at)) console.log(`    ${line}`)
  console.log(`  simulated: ${simulated[at]}\n  real:      ${answerOf(seen[at])}`)
}

function showWhole(name: string, simulated: Lines, seen: Lines): void {
  console.log(
    name,
    simulated.map((line, index) => `\n  ${line}\n     real ${answerOf(seen[index])}`).join(''),
  )
}

/** A line is what was asked, and what was answered. */
function answerOf(line: string | undefined): string | undefined {
  return line?.split(' => ').at(-1)
}
