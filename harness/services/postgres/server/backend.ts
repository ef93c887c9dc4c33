import { connect, type Socket } from 'node:net'
import { MessageSplitter, message, type PgMessage, queryMessage } from '../messages.ts'
import type { ClockCell, ClockPage } from './clock-page.ts'

const PROTOCOL_3 = 196_608
/** Messages of a client that are each answered by one message at the end of what they bring. */
const ANSWERED_BY: Readonly<Record<string, string>> = { P: '1', B: '2', C: '3', D: 'Tn', E: 'CsI' }

/**
 * State of a backend. `moving`: it works, or will when it gets the processor. `locked`: it waits
 * for a lock. `asleep`: it waits for virtual time to move on.
 */
export type BackendState = 'idle' | 'moving' | 'locked' | 'asleep'

/** One process of the server, and our connection to it. */
export class Backend {
  readonly #socket: Socket
  readonly #splitter: MessageSplitter = new MessageSplitter()
  readonly #clock: ClockPage | null
  #collected: PgMessage[] = []
  /** Answers that the messages since the last Sync still lack, by the letters that give them. */
  #awaited: string[] = []
  /** An error came in the batch: the rest of it is skipped. */
  #failed = false
  #unit: 'ready' | 'flush' = 'ready'
  /** The unit that was sent last has all of its answer. */
  answered = true
  #changed: (() => void) | null = null
  #cell: number | null = null
  /** In the middle of `COPY … FROM STDIN`. */
  copying = false
  pid = 0
  session: number | null = null
  state: BackendState = 'idle'
  /** Of the last ReadyForQuery: `I`, `T` or `E`. */
  status = 'I'
  /** Place in the order in which those that wait began. */
  since = 0
  /** A signal was sent: it has been seen when more waits than these have begun. */
  waitsBefore = -1
  /** The client is gone: it is let go when it has answered. */
  leaving = false
  listens = false
  /** Whether it has had a session since the last reset. */
  used = false
  ended = false

  private constructor(socket: Socket, clock: ClockPage | null) {
    this.#socket = socket
    this.#clock = clock
    socket.on('data', (bytes) => {
      for (const each of this.#splitter.add(bytes)) this.#got(each)
      this.#changed?.()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.#changed?.()
    })
  }

  static async open(path: string, database: string, clock: ClockPage | null): Promise<Backend> {
    const backend = new Backend(connect(path), clock)
    backend.answered = false
    backend.state = 'moving'
    const text = Buffer.from(`user\0postgres\0database\0${database}\0\0`)
    const head = Buffer.alloc(8)
    head.writeInt32BE(text.length + head.length, 0)
    head.writeInt32BE(PROTOCOL_3, 4)
    backend.#socket.write(Buffer.concat([head, text]))
    while (!backend.answered && !backend.ended) await backend.change()
    return backend
  }

  /** Null: the server has the machine's clock. */
  get cell(): ClockCell | null {
    const cell = this.#cellNumber()
    return cell === null ? null : (this.#clock?.read(cell) ?? null)
  }

  seed(seed: number): void {
    const cell = this.#cellNumber()
    if (cell !== null) this.#clock?.seed(cell, seed)
  }

  clearAlarm(): void {
    const cell = this.#cellNumber()
    if (cell !== null) this.#clock?.clearAlarm(cell)
  }

  /**
   * Its timer is that of an earlier run. It believes that one to be running, and would not ask for
   * a later one: the alarm is sent, and finds nothing to do.
   */
  dropAlarm(): void {
    if ((this.cell?.alarmUs ?? 0) === 0) return
    this.clearAlarm()
    this.signal('SIGALRM')
  }

  #cellNumber(): number | null {
    if (this.#clock === null) return null
    this.#cell ??= this.#clock.cellOf(this.pid)
    return this.#cell
  }

  /** Gives it frontend messages up to Query, Sync, Flush or the end of a COPY. */
  send(unit: Uint8Array): void {
    const bytes = Buffer.from(unit)
    for (const { type } of new MessageSplitter().add(bytes)) {
      const letters = ANSWERED_BY[type]
      if (letters !== undefined) this.#awaited.push(letters)
      this.#unit = type === 'H' ? 'flush' : 'ready'
    }
    this.copying = false
    this.answered = this.#unit === 'flush' && this.#skips
    this.state = 'moving'
    this.#socket.write(bytes)
  }

  /** A Flush was answered, and no Sync has come yet. */
  get inBatch(): boolean {
    return this.#unit === 'flush'
  }

  /** The messages since the last time. */
  take(): readonly PgMessage[] {
    return this.#collected.splice(0)
  }

  /** Sends a statement of our own, and gives its answer. */
  async ask(sql: string): Promise<readonly PgMessage[]> {
    return this.exchange(queryMessage(sql))
  }

  async exchange(bytes: Uint8Array): Promise<readonly PgMessage[]> {
    this.send(bytes)
    while (!this.answered && !this.ended) await this.change()
    this.state = 'idle'
    return this.take()
  }

  /** Resolves when something comes from it, or after that many milliseconds. */
  change(msMax = 60_000): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, msMax)
      const self = this
      function done(): void {
        clearTimeout(timer)
        self.#changed = null
        resolve()
      }
      this.#changed = done
    })
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGALRM' | 'SIGINT' | 'SIGTERM'): void {
    if (!this.ended) process.kill(this.pid, signal)
  }

  /** Says goodbye, and resolves when the server has closed the connection. */
  async end(): Promise<void> {
    this.#socket.end(message('X', Buffer.alloc(0)))
    while (!this.ended) await this.change()
  }

  #got(each: PgMessage): void {
    const { type, body } = each
    if (type === 'K') {
      this.pid = body.readInt32BE(0)
      return
    }
    this.#collected.push(each)
    if (type === 'Z') {
      this.status = body.toString('latin1')
      this.#awaited = []
      this.#failed = false
    } else if (type === 'E') this.#failed = true
    else if (type === 'G') this.copying = true
    else if (this.#awaited[0]?.includes(type) === true) this.#awaited.shift()
    this.answered ||= type === 'Z' || this.copying || (this.#unit === 'flush' && this.#skips)
  }

  /** Nothing more will be answered before the next Sync. */
  get #skips(): boolean {
    return this.#failed || this.#awaited.length === 0
  }
}
