import type { Readable } from 'node:stream'

/** Bytes of a record's value. */
export const RECORD_BYTES = 100

const DIGITS = 9

/** Its number, and filler: what is lost or doubled is known by its number. */
export function recordOf(number: number): string {
  return `${String(number).padStart(DIGITS, '0')} ${FILLER}`
}

const FILLER = 'abcdefghijklmnopqrstuvwxyz'.repeat(4).slice(0, RECORD_BYTES - DIGITS - 1)

const LINES_AT_ONCE = 1_000

/** All records, one a line. */
export function* linesOf(records: number): Generator<string> {
  for (let from = 0; from < records; from += LINES_AT_ONCE) {
    const count = Math.min(LINES_AT_ONCE, records - from)
    yield Array.from({ length: count }, (_, index) => `${recordOf(from + index)}\n`).join('')
  }
}

/** Counts how often each record came. */
export class Tally {
  readonly #seen: Uint8Array
  #distinct = 0
  total = 0
  strange = 0

  constructor(records: number) {
    this.#seen = new Uint8Array(records)
  }

  get records(): number {
    return this.#seen.length
  }

  get complete(): boolean {
    return this.#distinct === this.#seen.length
  }

  get lost(): number {
    return this.#seen.length - this.#distinct
  }

  get doubled(): number {
    return this.total - this.#distinct
  }

  add(line: string): void {
    const number = Number(line.slice(0, DIGITS))
    if (line.length !== RECORD_BYTES || !Number.isSafeInteger(number) || number >= this.#seen.length) {
      this.strange += 1
      return
    }
    this.total += 1
    if (this.#seen[number] === 0) this.#distinct += 1
    this.#seen[number] = Math.min(255, (this.#seen[number] ?? 0) + 1)
  }
}

/** Shorter pauses are saved up. */
const PAUSE_MS_MIN = 10

/** Reads lines as they come; pauses by the bytes that were read slow their writer down. */
export function readLines(
  stream: Readable,
  onLine: (line: string) => void,
  pauseMsEachByte: () => number,
): void {
  let rest = ''
  let pauseMs = 0
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    pauseMs += text.length * pauseMsEachByte()
    if (pauseMs < PAUSE_MS_MIN) return
    stream.pause()
    setTimeout(() => stream.resume(), pauseMs)
    pauseMs = 0
  })
}
