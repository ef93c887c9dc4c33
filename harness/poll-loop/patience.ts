import { KafkaException, timedOut } from './errors.ts'
import { type Deadline, sleep } from './time.ts'

/** Waits that a deadline or a `wakeup` ends; what they waited for goes on without them. */
export class Patience {
  #woken = false
  #wake: (() => void) | null = null

  /** The call that waits, or the next one that would, throws. */
  wakeup(): void {
    this.#woken = true
    this.#wake?.()
  }

  /** @throws KafkaException `WakeupException`, once for each wakeup */
  demandNotWoken(): void {
    if (!this.#woken) return
    this.#woken = false
    throw new KafkaException('WakeupException', 'wakeup() was called')
  }

  /**
   * @param what in the error's words; left out: a passed deadline is no error
   * @throws KafkaException `TimeoutException`, `WakeupException`
   */
  async within<Result>(work: Promise<Result>, deadline: Deadline, what: string): Promise<Result>
  async within<Result>(work: Promise<Result>, deadline: Deadline): Promise<Result | undefined>
  async within<Result>(
    work: Promise<Result>,
    deadline: Deadline,
    what?: string,
  ): Promise<Result | undefined> {
    work.catch(() => {})
    this.demandNotWoken()
    const { promise: woken, resolve: wake } = Promise.withResolvers<'woken'>()
    const wakeUp = (): void => wake('woken')
    this.#wake = wakeUp
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.ceil(deadline.leftMs))
    })
    try {
      const first = await Promise.race([work.then((value) => ({ value })), woken, late])
      if (first === 'woken') this.demandNotWoken()
      if (first === 'late' && what !== undefined) throw timedOut(what, deadline.timeoutMs)
      return typeof first === 'object' ? first.value : undefined
    } finally {
      clearTimeout(timer)
      this.#wake = null
    }
  }

  async pause(ms: number, deadline: Deadline, what: string): Promise<void> {
    if (deadline.leftMs < ms) {
      await this.within(sleep(deadline.leftMs), deadline)
      throw timedOut(what, deadline.timeoutMs)
    }
    await this.within(sleep(ms), deadline)
  }
}
