import type { SearchSettings } from '../settings.ts'

/** A check ends where shrinking begins: what was found is told as it is. */
export function foundOnly(): Pick<SearchSettings, 'signal' | 'onProgress'> {
  const stop = new AbortController()
  return {
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase === 'shrinking') stop.abort()
    },
  }
}
