import { HTTPParser } from 'http-parser-js'

/** A request or a response, complete. */
export interface HttpMessage {
  /** `POST`; of a response the empty text. */
  readonly method: string
  /** `/payments?id=1`; of a response the empty text. */
  readonly target: string
  /** 0: it is a request. */
  readonly status: number
  /** Names and values in turn, as they were sent. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  /** Whether the connection is good for another message. */
  readonly keepsAlive: boolean
}

type Head = Omit<HttpMessage, 'body'>

export interface MessageListener {
  /** The headers are here. Returns whether the message has no body, whatever they say. */
  head?(head: Head): boolean
  /** All of it is here. */
  message(message: HttpMessage): void
}

/** Finds HTTP/1 messages in the bytes of one direction, in whatever pieces they come. */
export class HttpMessages {
  readonly #parser: InstanceType<typeof HTTPParser>

  constructor(kind: 'REQUEST' | 'RESPONSE', listener: MessageListener) {
    const parser = new HTTPParser(kind)
    let head: Head | null = null
    let body: Buffer[] = []
    parser.onHeadersComplete = (info) => {
      head = {
        method: kind === 'REQUEST' ? String(info.method) : '',
        target: info.url ?? '',
        status: info.statusCode ?? 0,
        headers: inPairs(info.headers),
        keepsAlive: info.shouldKeepAlive,
      }
      return listener.head?.(head) === true ? 1 : 0
    }
    parser.onBody = (chunk, offset, length) => void body.push(chunk.subarray(offset, offset + length))
    parser.onMessageComplete = () => {
      const whole = head === null ? null : { ...head, body: Buffer.concat(body) }
      head = null
      body = []
      if (whole !== null) listener.message(whole)
    }
    this.#parser = parser
  }

  /** @throws Error where the bytes are no HTTP/1 */
  add(bytes: Buffer): void {
    const outcome = this.#parser.execute(bytes)
    if (outcome instanceof Error) throw outcome
  }
}

function inPairs(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []))
}

/** `POST /payments`: the path without its query. */
export function operationOf({ method, target }: Pick<HttpMessage, 'method' | 'target'>): string {
  return `${method} ${target.split('?', 1)[0]}`
}
