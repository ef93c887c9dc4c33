import { deepError, topError } from './answers.ts'
import { anyRequest, bytes, pipeline } from './any-request.ts'
import { Consumers } from './consumers.ts'
import { GroupSteps } from './groups.ts'
import { readState } from './internal-topics.ts'
import { LogSteps } from './logs.ts'
import { ScriptMembers } from './members.ts'
import { PARTITIONS, REBALANCE_MS, type Script, SESSION_MS, type Step } from './script.ts'
import { ScriptRun } from './script-run.ts'
import type { Target } from './target.ts'
import { TransactionSteps } from './transactions.ts'

/**
 * Plays a script on a cluster with one broker; gives one line a step: what a client saw, in names
 * that mean the same everywhere.
 */
export async function play(script: Script, target: Target, run: string): Promise<string[]> {
  const name = `${run}-${script.name.replace(/[^a-z0-9]+/gi, '-')}`
  const player = new ScriptPlayer(new ScriptRun(target, name, script.countsOnly === true))
  await player.prepare()
  if (script.steps.some((step) => step.do === 'subscribe')) await player.prepareConsumers()
  const lines: string[] = []
  for (const step of script.steps) lines.push(`${textOf(step)} => ${await seenOf(player, step)}`)
  player.close()
  return lines
}

/** An answer that is not what it should be must not end the other scripts. */
async function seenOf(player: ScriptPlayer, step: Step): Promise<string> {
  try {
    return await player.step(step)
  } catch (error) {
    return `unreadable: ${error instanceof Error ? error.message : String(error)}`
  }
}

function textOf(step: Step): string {
  return JSON.stringify(step, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** Hands each step to the part that plays it. */
class ScriptPlayer {
  readonly #run: ScriptRun
  readonly #logs: LogSteps
  readonly #members: ScriptMembers
  readonly #groups: GroupSteps
  readonly #transactions: TransactionSteps
  readonly #consumers: Consumers

  constructor(run: ScriptRun) {
    this.#run = run
    this.#logs = new LogSteps(run)
    this.#members = new ScriptMembers(run)
    this.#groups = new GroupSteps(run, this.#members)
    this.#transactions = new TransactionSteps(run, { logs: this.#logs, members: this.#members })
    this.#consumers = new Consumers(run)
  }

  /** Makes the topic, and the internal topics, which come with their first use. */
  async prepare(): Promise<void> {
    const { topic: name, group: key } = this.#run
    await this.#run.ask('CreateTopics', 2, {
      topics: [{ name, numPartitions: PARTITIONS, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 5_000,
    })
    for (const keyType of [0, 1])
      await this.#run.patiently(() => this.#run.ask('FindCoordinator', 1, { key, keyType }), topError)
    for (const partition of [0, 1])
      await this.#run.patiently(() => this.#logs.list({ partition }, -1n), deepError)
  }

  prepareConsumers(): Promise<void> {
    return this.#consumers.prepare()
  }

  close(): void {
    this.#run.close()
    this.#consumers.close()
    this.#members.close()
  }

  async step(step: Step): Promise<string> {
    switch (step.do) {
      case 'produce':
        return this.#logs.produce(step)
      case 'new-producer':
        return this.#logs.newProducer(step)
      case 'idempotent':
        return this.#logs.idempotent(step)
      case 'fetch':
        return this.#logs.fetch(step)
      case 'list-offsets':
        return this.#logs.listed(step)
      case 'delete-records':
        return this.#logs.deleteRecords(step)
      case 'join':
        return this.#members.join(step)
      case 'sync':
        return this.#members.sync(step)
      case 'await':
        return this.#members.await(step.member)
      case 'succession':
        return this.#members.succession(step)
      case 'heartbeat':
        return this.#members.heartbeat(step)
      case 'leave':
        return this.#members.leave(step)
      case 'commit':
        return this.#groups.commit(step)
      case 'offsets':
        return this.#groups.offsets(step)
      case 'describe-group':
        return this.#groups.describe(step.version)
      case 'delete-group':
        return this.#groups.delete()
      case 'restart':
        return this.#restart()
      case 'sleep':
        await this.#run.target.wait(step.ms)
        return 'later'
      case 'read-state':
        return readState(this.#run, this.#transactions, step)
      case 'ask':
        return anyRequest(this.#met, step)
      case 'pipeline':
        return pipeline(this.#met, step.asks)
      case 'bytes':
        return bytes(this.#run, Buffer.from(step.hex, 'hex'))
      case 'subscribe':
      case 'report':
      case 'unsubscribe':
      case 'consumer-commit':
      case 'consumer-offsets':
      case 'describe-consumers':
        return this.#consumers.step(step)
      default:
        return this.#transactions.step(step)
    }
  }

  get #met() {
    return {
      run: this.#run,
      logs: this.#logs,
      members: this.#members,
      transactions: this.#transactions,
    }
  }

  async #restart(): Promise<string> {
    // Every session has ended by then, however long the other scripts take to get here.
    await this.#run.target.wait(SESSION_MS + 2 * REBALANCE_MS)
    await this.#run.target.restart()
    this.#consumers.reconnect()
    this.#run.reconnect()
    this.#members.reconnect()
    await this.prepare()
    const { group } = this.#run
    await this.#run.patiently(() => this.#run.ask('DescribeGroups', 0, { groups: [group] }), deepError)
    return 'again there'
  }
}
