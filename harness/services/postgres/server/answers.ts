import { codeOf, message, type PgMessage } from '../messages.ts'

/**
 * Answers without what differs from run to run: processes are called by their sessions, and
 * transactions by the order in which they are spoken of.
 */
export class PlainAnswers {
  readonly #sessionOf: (pid: number) => number
  readonly #transactions: Map<string, number> = new Map()

  constructor(sessionOf: (pid: number) => number) {
    this.#sessionOf = sessionOf
  }

  plain(each: PgMessage): Buffer {
    const { type, body, whole } = each
    if (type === 'A') {
      const named = Buffer.from(body)
      named.writeInt32BE(this.#sessionOf(body.readInt32BE(0)), 0)
      return message(type, named)
    }
    if (type !== 'E' || codeOf(each) !== '40P01') return whole
    const text = body
      .toString('utf8')
      .replace(
        /(process) (\d+)/gi,
        (_, word: string, pid: string) => `${word} ${this.#sessionOf(Number(pid))}`,
      )
      .replace(/transaction (\d+)/g, (_, xid: string) => `transaction ${this.#ordinal(xid)}`)
    return message(type, Buffer.from(text))
  }

  #ordinal(xid: string): number {
    const known = this.#transactions.get(xid) ?? this.#transactions.size + 1
    this.#transactions.set(xid, known)
    return known
  }
}
