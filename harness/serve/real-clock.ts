import type { Clock } from '../kafka/index.ts'

/** Node fires timers that are longer than this at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/** The machine's own time. */
export const REAL_CLOCK: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    let timer: NodeJS.Timeout
    const wait = (leftMs: number): void => {
      timer =
        leftMs <= TIMEOUT_MS_MAX
          ? setTimeout(action, leftMs)
          : setTimeout(() => wait(leftMs - TIMEOUT_MS_MAX), TIMEOUT_MS_MAX)
    }
    wait(delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
