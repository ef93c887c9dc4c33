import { generate } from './generate.ts'
import { play } from './play.ts'
import type { Script } from './script.ts'
import type { Target } from './target.ts'

const AT_ONCE = 25
const WARM_UP = 4
const noRestart = (): Promise<void> => Promise.reject(new Error('no restart was planned'))

/**
 * Plays many scripts side by side on one broker in real time, each on topics and groups of its own.
 * One restart serves all scripts that have one: each waits for the others to get there.
 */
export async function playAll(
  scripts: readonly Script[],
  target: (restarted: () => Promise<void>) => Target,
  restart: () => Promise<void>,
): Promise<ReadonlyMap<Script, readonly string[]>> {
  const seen = new Map<Script, readonly string[]>()
  // A broker that has just started takes seconds for what takes milliseconds later.
  for (let number = 0; number < WARM_UP; number += 1)
    await play(generate('warm-up', 5 * number), target(noRestart), 'w')
  const restarts = scripts.filter(({ steps }) => steps.some((step) => step.do === 'restart'))
  const queue = scripts.filter((script) => !restarts.includes(script))
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let script = queue.shift(); script !== undefined; script = queue.shift())
      seen.set(script, await play(script, target(noRestart), 'd'))
  })
  await Promise.all(workers)
  let waiting = 0
  const together = Promise.withResolvers<void>()
  const restarted = (): Promise<void> => {
    waiting += 1
    if (waiting === restarts.length) restart().then(together.resolve, together.reject)
    return together.promise
  }
  await Promise.all(
    restarts.map(async (script) => seen.set(script, await play(script, target(restarted), 'd'))),
  )
  return seen
}
