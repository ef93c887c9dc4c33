import net from 'node:net'
import {
  type AnswerBody,
  type ApiName,
  decodeResponse,
  encodeRequest,
  FrameSplitter,
  type RequestDraft,
} from '../../kafka/index.ts'
import type { Address } from '../gate/exchange.ts'

const FRAME_BYTES_MAX = 2 ** 31 - 1
const ANSWER_MS = 60_000

interface WaitingRequest {
  /** The frame of the answer, without its size. */
  answered(frame: Buffer): void
  reject(error: Error): void
}

/** A broker closed the connection, or did not answer. */
export class BrokerGone extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BrokerGone'
  }
}

/**
 * A connection of the harness's own, which no fault touches. It is made again when it is needed
 * again.
 */
export class BrokerConnection {
  readonly #address: Address
  #socket: net.Socket | null = null
  #waiting: WaitingRequest[] = []

  constructor(address: Address) {
    this.#address = address
  }

  /** @throws BrokerGone */
  call<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Promise<AnswerBody<Api>> {
    return new Promise((resolve, reject) => {
      const socket = this.#connected()
      const timer = setTimeout(() => {
        this.#fail(new BrokerGone(`${this.#name} did not answer ${api} within ${ANSWER_MS / 1000} s`))
      }, ANSWER_MS)
      const settled = (): void => clearTimeout(timer)
      this.#waiting.push({
        answered(frame) {
          settled()
          try {
            resolve(decodeResponse(api, version, frame).body)
          } catch (error) {
            reject(error)
          }
        },
        reject(error) {
          settled()
          reject(error)
        },
      })
      socket.write(encodeRequest({ api, version, correlationId: 1, clientId: 'onceover', body }))
    })
  }

  close(): void {
    this.#fail(new BrokerGone(`the connection to ${this.#name} was closed`))
  }

  get #name(): string {
    return `${this.#address.host}:${this.#address.port}`
  }

  #connected(): net.Socket {
    if (this.#socket !== null) return this.#socket
    const socket = net.connect({ ...this.#address, noDelay: true })
    const splitter = new FrameSplitter(FRAME_BYTES_MAX)
    this.#socket = socket
    const gone = (why: string): void => {
      if (this.#socket === socket) this.#fail(new BrokerGone(`${this.#name} ${why}`))
    }
    socket.on('error', ({ message }) => gone(`could not be reached: ${message}`))
    socket.on('close', () => gone('closed the connection'))
    socket.on('data', (bytes) => {
      for (const frame of splitter.add(bytes) ?? []) {
        this.#waiting.shift()?.answered(Buffer.from(frame))
      }
    })
    return socket
  }

  #fail(error: BrokerGone): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#socket?.destroy()
    this.#socket = null
    for (const { reject } of waiting) reject(error)
  }
}
