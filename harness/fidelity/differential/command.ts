import { kafkaJars } from '../artifacts/kafka.ts'
import { EXIT, optionsOf, type Print, type ToolExit } from '../tool.ts'
import { RealBroker, SETTINGS } from './broker.ts'
import { generate } from './generate.ts'
import { play } from './play.ts'
import { playAll } from './play-all.ts'
import type { Script } from './script.ts'
import { RealBrokerTarget, SimulatedTarget } from './target.ts'
import { playTransactions, TRANSACTIONS_SINCE } from './transactions-2.ts'

/** How many scripts of transactions a broker plays at a time. */
const AT_ONCE = 15

type Lines = readonly string[]

/** Everything that is played: generated scripts, and names of scripts of transactions. */
interface WantedScripts {
  readonly scripts: readonly Script[]
  readonly transactions: readonly string[]
}

/** A broker's answers, by script. */
interface PlayedScripts {
  readonly scripts: ReadonlyMap<Script, Lines>
  readonly transactions: ReadonlyMap<string, Lines>
}

/**
 * `npm run differential [-- --releases 4.1.0 --scripts 200 --seed 1 --only 17,57 --full --version-2
 * 40]`: the same generated scripts on the simulated cluster and on real brokers of these releases.
 * Prints every script that differs, with its first difference. @returns exit code 1 where one does
 */
export async function differential(args: readonly string[], print: Print): Promise<ToolExit> {
  const options = optionsOf({
    args: [...args],
    options: {
      releases: { type: 'string', default: '4.1.0' },
      scripts: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      'version-2': { type: 'string', default: '40' },
      full: { type: 'boolean', default: false },
    },
  })
  const { seed } = options
  const numbers = options.only?.split(',').map(Number) ?? countTo(Number(options.scripts))
  const scripts = numbers.map((number) => generate(seed, number))
  const transactions = countTo(Number(options['version-2'])).map((number) => `${seed}-${number}`)
  let different = 0
  for (const release of options.releases.split(',').filter((each) => each !== '')) {
    const startedAt = performance.now()
    const wanted = knownTo(release, { scripts, transactions })
    let seen: PlayedScripts
    try {
      seen = await onKafka(release, wanted)
    } catch (error) {
      print(`skipped: Kafka ${release}: ${error instanceof Error ? error.message : String(error)}`)
      continue
    }
    print(`\nKafka ${release}`)
    different += await compareScripts(seen.scripts, { print, showsAll: options.full })
    if (wanted.transactions.length > 0) different += await compareTransactions(seen.transactions, print)
    print(`${Math.round((performance.now() - startedAt) / 1000)} s`)
  }
  return different === 0 ? EXIT.equal : EXIT.different
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Whether a broker of this release knows what came with Kafka `since`. */
export function isKnown(release: string, since: Script['since']): boolean {
  return since === undefined || Number.parseFloat(release) >= Number.parseFloat(since)
}

/** The part of it that brokers of this release know. */
function knownTo(release: string, { scripts, transactions }: WantedScripts): WantedScripts {
  return {
    scripts: scripts.filter(({ since }) => isKnown(release, since)),
    transactions: isKnown(release, TRANSACTIONS_SINCE) ? transactions : [],
  }
}

/** @throws Error where this Kafka can't be fetched or started */
async function onKafka(release: string, wanted: WantedScripts): Promise<PlayedScripts> {
  const broker = await RealBroker.start(await kafkaJars(release))
  const restart = (): Promise<void> => broker.restart()
  try {
    const scripts = await playAll(
      wanted.scripts,
      (restarted) => new RealBrokerTarget(broker.address, restarted),
      restart,
    )
    const transactions = new Map<string, Lines>()
    const queue = [...wanted.transactions]
    const players = Array.from({ length: AT_ONCE }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const target = new RealBrokerTarget(broker.address, restart)
        transactions.set(name, await playTransactions(target, name, name))
      }
    })
    await Promise.all(players)
    return { scripts, transactions }
  } finally {
    await broker.stop()
  }
}

/** @returns how many scripts differ */
async function compareScripts(
  real: ReadonlyMap<Script, Lines>,
  { print, showsAll }: { readonly print: Print; readonly showsAll: boolean },
): Promise<number> {
  let [wrong, undetermined, steps] = [0, 0, 0]
  for (const [script, seen] of real) {
    const simulated = await play(script, new SimulatedTarget(SETTINGS), 'd')
    steps += simulated.length
    if (showsAll) print(wholeOf(script.name, simulated, seen))
    const at = differsAt(simulated, seen)
    if (at === -1) continue
    if (isLeftToChance(simulated[at] ?? '', seen[at] ?? '')) undetermined += 1
    else {
      wrong += 1
      print(differenceOf(script.name, simulated, seen))
    }
  }
  const chance = `${undetermined} of them up to an answer that Kafka leaves to chance`
  print(`${real.size - wrong} of ${real.size} scripts equal (${chance}; ${steps} steps)`)
  return wrong
}

/** @returns how many scripts of transactions of version 2 differ */
async function compareTransactions(real: ReadonlyMap<string, Lines>, print: Print): Promise<number> {
  let wrong = 0
  for (const [name, seen] of real) {
    const simulated = await playTransactions(new SimulatedTarget(SETTINGS), name, name)
    if (differsAt(simulated, seen) === -1) continue
    wrong += 1
    print(differenceOf(`transactions of version 2, ${name}`, simulated, seen))
  }
  print(`${real.size - wrong} of ${real.size} scripts of transactions of version 2 equal`)
  return wrong
}

function differsAt(simulated: Lines, seen: Lines): number {
  return simulated.findIndex((line, index) => line !== seen[index])
}

function isLeftToChance(simulated: string, seen: string): boolean {
  return leaderOnly(simulated, seen) || unwritten(simulated, seen)
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

function differenceOf(name: string, simulated: Lines, seen: Lines): string {
  const at = differsAt(simulated, seen)
  return [
    `\n${name}, step ${at + 1} of ${simulated.length}`,
    ...simulated.slice(Math.max(0, at - 4), at).map((line) => `    ${line}`),
    `  simulated: ${simulated[at]}\n  real:      ${answerOf(seen[at])}`,
  ].join('\n')
}

function wholeOf(name: string, simulated: Lines, seen: Lines): string {
  return `${name} ${simulated.map((line, index) => `\n  ${line}\n     real ${answerOf(seen[index])}`).join('')}`
}

/** The answer in a line, which holds a step and its answer. */
function answerOf(line: string | undefined): string | undefined {
  return line?.split(' => ').at(-1)
}
