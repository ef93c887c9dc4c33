import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { confirmationWords } from '../core/confirmation.ts'
import { RealClusterError } from './cluster/errors.ts'
import { COMMITS, clicks, REFUSED, replayed } from './testing/replayed.ts'
import { type ServedParts, servedKafka, toxiproxyHere } from './testing/served-kafka.ts'

const toxiproxy = await toxiproxyHere()
const skip = 'none' in toxiproxy
const binary = 'none' in toxiproxy ? '' : toxiproxy.binary
if ('none' in toxiproxy) console.warn(`skipped: replays that are broken (${toxiproxy.none})`)

const TRY_MS = 120_000

/** Breaks something as soon as a process has joined its group. */
function breaking(act: (parts: ServedParts) => void): {
  readonly provider: ReturnType<typeof servedKafka>
  /** Topics that are left on the cluster. */
  topics(): readonly string[]
} {
  let left: readonly string[] = ['it never started']
  const provider = servedKafka(binary, (parts) => {
    const { admin } = parts.served
    const watch = async (): Promise<void> => {
      while (admin.groups().length === 0) await sleep(10)
      act(parts)
    }
    void watch()
    const { stop } = parts.served
    parts.served.stop = () => {
      left = admin.topics().map(({ name }) => name)
      return stop()
    }
  })
  return { provider, topics: () => left.filter((name) => !name.startsWith('__')) }
}

describe.skipIf(skip)('a replay whose own parts fail', () => {
  it(
    'ends with one sentence where Toxiproxy dies, and leaves no topic behind',
    async () => {
      const { provider, topics } = breaking(({ toxiproxy: { pid } }) => process.kill(pid ?? 0, 'SIGKILL'))
      const replay = replayed(`${COMMITS}.ts`, clicks([REFUSED]), { property: 'commit-regression', provider })
      await expect(replay).rejects.toEqual(new RealClusterError('Toxiproxy ended by itself (SIGKILL)'))
      expect(topics()).toEqual([])
    },
    TRY_MS,
  )

  it(
    'ends at once where somebody interrupts it, and leaves no topic behind',
    async () => {
      const stop = new AbortController()
      const { provider, topics } = breaking(() => stop.abort())
      const { confirmation } = await replayed(`${COMMITS}.ts`, clicks([REFUSED]), {
        property: 'commit-regression',
        provider,
        signal: stop.signal,
      })
      expect(confirmationWords(confirmation)).toBe('undecided: interrupted before the first try was over')
      expect(topics()).toEqual([])
    },
    TRY_MS,
  )
})
