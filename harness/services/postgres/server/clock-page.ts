import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { CELL_BYTES, CELLS } from './clock-source.ts'

/** The cell of one process of the server. */
export interface ClockCell {
  /** When its timer is to go off, in microseconds; 0: it has none. */
  readonly alarmUs: number
  /** When its present wait ends by itself; 0: it has no limit. */
  readonly waitUs: number
  /** How many waits it has begun. */
  readonly waits: number
  /** Whether it is in one. */
  readonly isWaiting: boolean
}

const OFFSETS = { random: 8, alarm: 16, wait: 24, waits: 32, waiting: 40 } as const

/** The harness's end of the page in which a server finds its time: see `CLOCK_SOURCE`. */
export class ClockPage {
  readonly #fd: number
  readonly #cell: Buffer = Buffer.alloc(CELL_BYTES)
  readonly #number: Buffer = Buffer.alloc(8)

  private constructor(fd: number) {
    this.#fd = fd
  }

  static create(file: string): ClockPage {
    const fd = openSync(file, 'w+')
    ftruncateSync(fd, CELL_BYTES * (CELLS + 1))
    return new ClockPage(fd)
  }

  static open(file: string): ClockPage {
    return new ClockPage(openSync(file, 'r+'))
  }

  set nowUs(us: number) {
    this.#write(0, BigInt(us))
  }

  /** Where the cell of this process is; null: it has not asked for time or chance yet. */
  cellOf(pid: number): number | null {
    const all = Buffer.alloc(CELL_BYTES * CELLS)
    readSync(this.#fd, all, 0, all.length, CELL_BYTES)
    for (let cell = 0; cell < CELLS; cell += 1)
      if (all.readBigInt64LE(cell * CELL_BYTES) === BigInt(pid)) return cell + 1
    return null
  }

  read(cell: number): ClockCell {
    readSync(this.#fd, this.#cell, 0, CELL_BYTES, cell * CELL_BYTES)
    const at = (offset: number): number => Number(this.#cell.readBigInt64LE(offset))
    return {
      alarmUs: at(OFFSETS.alarm),
      waitUs: at(OFFSETS.wait),
      waits: at(OFFSETS.waits),
      isWaiting: at(OFFSETS.waiting) !== 0,
    }
  }

  seed(cell: number, seed: number): void {
    this.#write(cell * CELL_BYTES + OFFSETS.random, BigInt(seed))
  }

  /** Its alarm has been sent. */
  clearAlarm(cell: number): void {
    this.#write(cell * CELL_BYTES + OFFSETS.alarm, 0n)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #write(offset: number, value: bigint): void {
    this.#number.writeBigInt64LE(value)
    writeSync(this.#fd, this.#number, 0, 8, offset)
  }
}
