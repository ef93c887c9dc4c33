import { message, type PgMessage, terminated } from '../messages.ts'

/** One LISTEN or UNLISTEN of a session; `*` is every channel. */
interface ListenChange {
  readonly listens: boolean
  readonly channel: string
}

/** A session's notifications, as messages. */
export interface ToldListener {
  readonly session: number
  readonly bytes: Buffer
}

const CHANGE = /^\s*(un)?listen\s+(\*|"(?:[^"]|"")+"|[a-z_][\w$]*)\s*$/i

/**
 * Sessions and the channels that they listen to. PGlite's one session listens for all, and is told
 * within the answer to whoever notifies: each listener is told by the rules of a server instead.
 */
export class ListeningSessions {
  readonly #channels: Map<number, Set<string>> = new Map()
  /** Of transactions that are open: they count when those are committed. */
  readonly #pending: Map<number, ListenChange[]> = new Map()

  clear(): void {
    this.#channels.clear()
    this.#pending.clear()
  }

  /** Statements that this session runs now. */
  noteSql(session: number, sql: string): void {
    if (!/listen/i.test(sql)) return
    for (const part of sql.split(';')) {
      const [, not, name = ''] = CHANGE.exec(part) ?? []
      if (name === '') continue
      const pending = this.#pending.get(session) ?? []
      pending.push({ listens: not === undefined, channel: channelOf(name) })
      this.#pending.set(session, pending)
    }
  }

  /**
   * The session's transaction has ended.
   * @returns channels that it has left, and somebody else may still listen to
   */
  ended(session: number, committed: boolean): readonly string[] {
    const pending = this.#pending.get(session) ?? []
    this.#pending.delete(session)
    const mine = this.#channels.get(session) ?? new Set()
    const left: string[] = []
    for (const { listens, channel } of committed ? pending : []) {
      if (listens) mine.add(channel)
      else {
        left.push(...(channel === '*' ? mine : [channel]))
        if (channel === '*') mine.clear()
        else mine.delete(channel)
      }
    }
    if (mine.size > 0) this.#channels.set(session, mine)
    else this.#channels.delete(session)
    return left
  }

  /** @returns its channels, to which nobody else listens now */
  leave(session: number): readonly string[] {
    const mine = [...(this.#channels.get(session) ?? [])]
    this.#channels.delete(session)
    this.#pending.delete(session)
    return mine.filter((channel) => this.listeners(channel).length === 0)
  }

  listeners(channel: string): readonly number[] {
    return [...this.#channels].filter(([, channels]) => channels.has(channel)).map(([session]) => session)
  }

  /** A notification by `notifier`, once for each session that listens. */
  told(notification: PgMessage, notifier: number): readonly ToldListener[] {
    const body = Buffer.from(notification.body)
    body.writeInt32BE(notifier, 0)
    const { text: channel } = terminated(body, 4)
    const bytes = message('A', body)
    return this.listeners(channel).map((session) => ({ session, bytes }))
  }
}

/** A name without quotes is in small letters. */
function channelOf(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}

export function quoted(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`
}
