import perfHooks, { type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks'
import { refusal, within } from './patch.ts'

/** Entries that the code itself notes; all others are the engine's own measurements. */
const NOTED = ['mark', 'measure']

/**
 * Measurements of Node itself: in a simulated process the event loop is never late, and the engine
 * notes nothing (no garbage collection, no look-up of a name).
 */
export function patchMeasurers(): void {
  const { createHistogram } = perfHooks
  within(perfHooks, 'monitorEventLoopDelay', () => {
    let enabled = false
    const turned = (to: boolean) => (): boolean => {
      const changed = enabled !== to
      enabled = to
      return changed
    }
    return Object.assign(createHistogram(), { enable: turned(true), disable: turned(false) })
  })
  for (const name of ['getEntries', 'getEntriesByName', 'getEntriesByType'])
    within(performance, name, (_process, args, real) =>
      (real.apply(performance, [...args]) as PerformanceEntry[]).filter(({ entryType }) =>
        NOTED.includes(entryType),
      ),
    )
  within(PerformanceObserver.prototype, 'observe', (process, [options]) => {
    const { entryTypes = [], type } = (options ?? {}) as ObserverOptions
    const noted = [...entryTypes, ...(type === undefined ? [] : [type])].filter((one) => NOTED.includes(one))
    if (noted.length > 0)
      throw refusal(
        process,
        `observes entries of performance (${noted.join(', ')})`,
        'ask for them instead: performance.getEntriesByName(…)',
      )
  })
}

interface ObserverOptions {
  readonly entryTypes?: readonly string[]
  readonly type?: string
}
