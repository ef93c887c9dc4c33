import type { Readable, Writable } from 'node:stream'
import type { ClientPort } from '../../clients/client.interface.ts'
import { unreachable } from '../../core/errors.ts'
import type { Effects } from '../../core/scenario.ts'
import type { OpenTransaction } from '../../run/store.ts'
import {
  type Answered,
  packed,
  type Question,
  type Settled,
  type Setup,
  STANDING,
  Unpacker,
} from './messages.ts'

/** How long a child may take to the end of a turn. */
const TURN_MS = 1_000

export interface TalkOptions {
  readonly questions: Readable
  readonly answers: Writable
  readonly settled: Writable
  readonly setup: Setup
  readonly port: ClientPort
  readonly effects: Effects
  begin(): OpenTransaction
  /** Resolves when the child is to begin: until then it loads, and everything else waits. */
  readonly begun: Promise<void>
  /** The child is loaded, or never will be; told again with each question. */
  loaded(): void
  /** The child has begun. */
  ready(): void
  /** The app asked for something that no app may ask for. */
  failed(error: unknown): void
  /** An error that no code of the app caught. */
  uncaught(reason: string): void
  /** Resolves when everything that the schedule does at what was just told is done. */
  held(): Promise<void>
  /** There is still somebody to answer. */
  alive(): boolean
}

/**
 * The harness's side of a child's questions: each is answered when what it brought about is done.
 */
export class ChildTalk {
  readonly #options: TalkOptions
  readonly #unpacker: Unpacker<Question> = new Unpacker()
  readonly #transactions: Map<number, OpenTransaction> = new Map()
  #answering: Promise<void> = Promise.resolve()
  /** The child stands at a question. */
  #asked = false
  /** Wait for the end of the turn that the child is in the middle of. */
  readonly #atTurnEnd: (() => void)[] = []
  /** The next answer says that the turn is the last one. */
  #lastTurn = false
  /** Resolves when the child stands still, or asks something else before it does. */
  #standing: PromiseWithResolvers<void> | null = null

  constructor(options: TalkOptions) {
    this.#options = options
    const { questions, answers, settled } = options
    for (const stream of [questions, answers, settled]) stream.on('error', () => {})
    // One that dies before it is loaded keeps nobody waiting.
    questions.on('close', options.loaded)
    questions.on('close', () => this.#stands())
    questions.on('data', (bytes: Buffer) => this.#read(bytes))
  }

  /**
   * A simulated process is stopped between two turns of its loop: `action` runs when the child has
   * come to the end of one. Resolves when nothing has to wait for that.
   */
  async betweenTurns(action: () => void): Promise<void> {
    this.#atTurnEnd.push(action)
    this.#lastTurn = this.#asked
    if (this.#asked) return
    // Two faults may come in one turn: neither waits for what only the other one hears of.
    this.#standing ??= Promise.withResolvers<void>()
    const { promise } = this.#standing
    this.#options.settled.write(packed(STANDING))
    // One that computes without end is stopped where it is.
    const timer = setTimeout(() => this.#endTurn(), TURN_MS)
    await promise
    clearTimeout(timer)
  }

  #read(bytes: Buffer): void {
    this.#unpacker.add(bytes)
    for (let next = this.#unpacker.next(); next !== undefined; next = this.#unpacker.next()) {
      const question = next
      this.#answering = this.#answering.then(() => this.#take(question))
    }
  }

  async #take(question: Question): Promise<void> {
    const { held, alive, begun, loaded, setup } = this.#options
    if (question.kind === 'setup') return this.#tell(setup)
    loaded()
    await begun
    this.#asked = true
    this.#stands()
    await held()
    if (!alive()) return
    const answer = this.#answerOrFail(question)
    await held()
    this.#asked = false
    if (alive()) this.#tell(answer ?? null)
  }

  #tell(value: unknown): void {
    const answer: Answered = { value, lastTurn: this.#lastTurn }
    this.#lastTurn = false
    this.#options.answers.write(packed(answer))
  }

  #endTurn(): void {
    for (const action of this.#atTurnEnd.splice(0)) action()
    this.#stands()
  }

  #stands(): void {
    this.#standing?.resolve()
    this.#standing = null
  }

  /** A question that an app may not ask ends the replay. */
  #answerOrFail(question: Question): unknown {
    try {
      return this.#answer(question)
    } catch (error) {
      this.#options.failed(error)
      return null
    }
  }

  #answer(question: Question): unknown {
    const { port, effects, ready, uncaught } = this.#options
    switch (question.kind) {
      case 'setup':
        return null
      case 'ready':
        return ready()
      case 'turn-over':
        return this.#endTurn()
      case 'observe':
        return port.observe(question.observation)
      case 'believes':
        return port.believes(question.group, question.memberId, question.partitions)
      case 'handler-start': {
        const { error, ...delays } = port.handlerStart(question.group, question.records, question.batch)
        return { ...delays, error: error?.message ?? null }
      }
      case 'handler-end':
        return port.handlerEnd(question.group, question.records, question.batch, question.undone)
      case 'handler-failure':
        return port.handlerFailure(question.group, question.records, question.batch, question.error)
      case 'resolved':
        return port.resolved(question.group, question.record)
      case 'skip':
        return effects.skip(question.target, question.reason)
      case 'uncaught':
        return uncaught(question.reason)
      case 'record':
        return this.#settle(question.call, effects.record(question.target, question.label))
      default:
        return this.#ofTransaction(question)
    }
  }

  #ofTransaction(question: Extract<Question, { readonly transaction: number }>): unknown {
    if (question.kind === 'begin')
      return void this.#transactions.set(question.transaction, this.#options.begin())
    const transaction = this.#transactions.get(question.transaction)
    if (transaction === undefined) return null
    switch (question.kind) {
      case 'put':
        return void transaction.put(question.table, question.key, question.value)
      case 'delete':
        return void transaction.delete(question.table, question.key)
      case 'effect':
        return transaction.effect(question.target, question.label)
      case 'get':
        return this.#settle(question.call, transaction.get(question.table, question.key))
      case 'commit':
        this.#transactions.delete(question.transaction)
        return this.#settle(question.call, transaction.commit())
      default:
        return unreachable(question)
    }
  }

  #settle(call: number, outcome: Promise<unknown>): void {
    const send = (settled: Settled): void => {
      if (this.#options.alive()) this.#options.settled.write(packed(settled))
    }
    outcome.then(
      (value) => send({ call, value }),
      ({ name, code, message }: Error & { code: string }) => send({ call, error: { name, code, message } }),
    )
  }
}
