import type { WasmImports } from '../../../sim/ambient/wasm.ts'

/** Reads of the clock within one unit: more is busy waiting, as `pg_sleep` does. */
const READS_MAX = 2_000
/** How far each further read moves the clock on, in microseconds. */
const TICK_US = 1_000

/** Time and chance of one PGlite, which are imports of its WASM program. */
export class Outer {
  nowUs = 0
  /** Duration of the unit that runs, by busy waiting, in microseconds. */
  waitedUs = 0
  #reads = 0
  #state = 1
  #startUs = 0

  seed(seed: number): void {
    this.#state = seed >>> 0
  }

  /** A unit begins. */
  begin(nowUs: number): void {
    this.nowUs = nowUs
    this.waitedUs = 0
    this.#reads = 0
  }

  /** One byte of a linear congruential generator (Numerical Recipes). */
  byte(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return this.#state >>> 24
  }

  read(): number {
    this.#reads += 1
    if (this.#reads > READS_MAX) this.waitedUs += TICK_US
    return this.nowUs + this.waitedUs
  }

  /** Takes the place of a program's own clock and chance. */
  replaceIn(imports: WasmImports): void {
    const memory = imports['env']?.['memory'] as { readonly buffer: ArrayBuffer } | undefined
    if (memory === undefined) return
    this.#startUs = this.nowUs
    const own = {
      clock_time_get: (_id: number, _precision: bigint, pointer: number): number => {
        new DataView(memory.buffer).setBigInt64(pointer >>> 0, BigInt(this.read()) * 1000n, true)
        return 0
      },
      random_get: (pointer: number, size: number): number => {
        const view = new Uint8Array(memory.buffer, pointer >>> 0, size)
        for (let index = 0; index < size; index += 1) view[index] = this.byte()
        return 0
      },
      emscripten_date_now: () => this.read() / 1000,
      emscripten_get_now: () => (this.read() - this.#startUs) / 1000,
      // A statement's timeout would start a real timer.
      _setitimer_js: () => 0,
    }
    for (const group of [imports['env'], imports['wasi_snapshot_preview1']])
      if (group !== undefined) Object.assign(group, own)
  }
}
