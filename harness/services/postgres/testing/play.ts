import type { EngineAnswer, PostgresEngine } from '../engine.interface.ts'
import { fieldOf, message, messagesIn, queryMessage, terminated } from '../messages.ts'
import { notGiven } from '../statements.ts'

export const EPOCH_US = 1_735_689_600_000_000

interface PlayTimer {
  readonly atUs: number
  readonly action: () => void
}

/** An engine in a run whose time is moved by hand, and what it says: `1: INSERT 0 1`. */
export class Play {
  readonly engine: PostgresEngine
  readonly said: string[] = []
  readonly answers: EngineAnswer[] = []
  #nowUs = EPOCH_US
  #timers: PlayTimer[] = []

  constructor(engine: PostgresEngine, { sessions, seed = 7 }: { sessions: number; seed?: number }) {
    this.engine = engine
    engine.reset({
      seed,
      nowUs: () => this.#nowUs,
      after: (delayUs, action) => {
        const timer = { atUs: this.#nowUs + delayUs, action }
        this.#timers.push(timer)
        return { cancel: () => void this.#drop(timer) }
      },
      answered: (answer) => {
        this.answers.push(answer)
        this.said.push(`${answer.session}: ${wordsOf(answer.bytes)}${this.#lateness(answer)}`)
      },
      ended: (session, bytes) => void this.said.push(`${session}: ${wordsOf(bytes)}, ended`),
    })
    for (let id = 1; id <= sessions; id += 1) engine.open(id, new Map())
  }

  query(session: number, sql: string): void {
    this.engine.exec(session, queryMessage(sql))
  }

  /** Virtual time passes. */
  pass(ms: number): void {
    const untilUs = this.#nowUs + ms * 1000
    for (;;) {
      const [first] = this.#timers.toSorted((a, b) => a.atUs - b.atUs)
      if (first === undefined || first.atUs > untilUs) break
      this.#drop(first)
      this.#nowUs = first.atUs
      first.action()
    }
    this.#nowUs = untilUs
  }

  /**
   * One line of a script: `1: select 1`, `1: copy … <<< rows`, `+500 ms`, `1 leaves`. A statement
   * that the host refuses on this engine does not get there.
   */
  step(line: string): void {
    const [, passed] = /^\+(\d+) ms$/.exec(line) ?? []
    if (passed !== undefined) return this.pass(Number(passed))
    const [, leaving] = /^(\d+) leaves$/.exec(line) ?? []
    if (leaving !== undefined) return this.engine.close(Number(leaving))
    const [, session = '', sql = '', rows] = /^(\d+): (.*?)(?: <<< (.*))?$/.exec(line) ?? []
    const refused = this.engine.concurrent ? null : notGiven(sql)
    if (refused !== null) return void this.said.push(`${session}: refused: it ${refused.what}`)
    this.query(Number(session), sql)
    if (rows === undefined) return
    const data = message('d', Buffer.from(`${rows.replaceAll(' / ', '\n')}\n`))
    this.engine.exec(Number(session), Buffer.concat([data, message('c', Buffer.alloc(0))]))
  }

  #drop(timer: PlayTimer): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
  }

  /** To a tenth of a second, and only where it took time. */
  #lateness({ waitedUs }: EngineAnswer): string {
    const tenths = Math.floor((this.#nowUs - EPOCH_US + waitedUs) / 100_000)
    return tenths === 0 ? '' : ` at ${tenths / 10} s`
  }
}

/** Values of rows, tags, codes of errors, and notifications. */
export function wordsOf(bytes: Uint8Array): string {
  return messagesIn(bytes)
    .flatMap(({ type, body }) => {
      if (type === 'C') return [terminated(body).text]
      if (type === 'E') return [`ERROR ${fieldOf(body, 'C')}`]
      if (type === 'A')
        return [`told by ${body.readInt32BE(0)}: ${terminated(body, terminated(body, 4).end).text}`]
      if (type === 'G') return ['copies in']
      if (type === 'd') return [body.toString('utf8').trim().replaceAll('\t', ' ')]
      return type === 'D' ? [valuesOf(body).join(' ')] : []
    })
    .join(', ')
}

function valuesOf(body: Buffer): readonly string[] {
  const values: string[] = []
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const size = body.readInt32BE(at)
    values.push(size < 0 ? 'null' : body.toString('utf8', at + 4, at + 4 + size))
    at += 4 + Math.max(0, size)
  }
  return values
}
