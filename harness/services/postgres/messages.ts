/** Codes in the place of a version in the first message of a connection. */
export const FIRST = { ssl: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const

const HEAD_BYTES = 5
const LENGTH_BYTES = 4

/** One message of the protocol: `type` is one letter. */
export interface PgMessage {
  readonly type: string
  readonly body: Buffer
  readonly whole: Buffer
}

export function message(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + LENGTH_BYTES, 1)
  return Buffer.concat([head, body])
}

/** A simple query. */
export function queryMessage(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`))
}

export function terminated(bytes: Buffer, from = 0): { readonly text: string; readonly end: number } {
  const end = bytes.indexOf(0, from)
  const at = end === -1 ? bytes.length : end
  return { text: bytes.toString('utf8', from, at), end: at + 1 }
}

/** All messages of a buffer that holds whole ones. */
export function messagesIn(bytes: Uint8Array): readonly PgMessage[] {
  return new MessageSplitter().add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** Cuts a stream of bytes into messages. */
export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0)

  add(bytes: Buffer): readonly PgMessage[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const found: PgMessage[] = []
    let at = 0
    while (at + HEAD_BYTES <= all.length) {
      const end = at + 1 + all.readInt32BE(at + 1)
      if (end > all.length) break
      const whole = all.subarray(at, end)
      found.push({ type: String.fromCharCode(whole[0] ?? 0), body: whole.subarray(HEAD_BYTES), whole })
      at = end
    }
    this.#rest = all.subarray(at)
    return found
  }

  /** Bytes of a message that is not whole yet. */
  get rest(): Buffer {
    return this.#rest
  }
}

/** The messages without a type with which a client begins, by their codes. */
export class Opening {
  #bytes: Buffer = Buffer.alloc(0)
  /** The startup message has been seen. */
  done = false

  /** Codes and bodies of whole first messages; `rest` is what comes behind the startup message. */
  add(bytes: Buffer): { readonly first: readonly { code: number; body: Buffer }[]; readonly rest: Buffer } {
    if (this.done) return { first: [], rest: bytes }
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    const first: { code: number; body: Buffer }[] = []
    while (!this.done && this.#bytes.length >= LENGTH_BYTES) {
      const length = this.#bytes.readInt32BE(0)
      if (this.#bytes.length < length) break
      const code = this.#bytes.readInt32BE(LENGTH_BYTES)
      first.push({ code, body: this.#bytes.subarray(2 * LENGTH_BYTES, length) })
      this.#bytes = this.#bytes.subarray(length)
      this.done = code !== FIRST.ssl && code !== FIRST.gss
    }
    const rest = this.done ? this.#bytes : Buffer.alloc(0)
    if (this.done) this.#bytes = Buffer.alloc(0)
    return { first, rest }
  }
}

/** An error as a server sends it. */
export function errorMessage(code: string, severity: 'ERROR' | 'FATAL', text: string): Buffer {
  const fields = { S: severity, V: severity, C: code, M: text }
  const body = Object.entries(fields).map(([name, value]) => `${name}${value}\0`)
  return message('E', Buffer.from(`${body.join('')}\0`))
}

/** The SQLSTATE of an ErrorResponse. */
export function codeOf({ body }: PgMessage): string {
  return fieldOf(body, 'C')
}

export function fieldOf(body: Buffer, name: string): string {
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const { text, end } = terminated(body, at + 1)
    if (String.fromCharCode(body[at] ?? 0) === name) return text
    at = end
  }
  return ''
}
