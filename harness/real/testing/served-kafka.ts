import type { Scenario } from '../../core/scenario.ts'
import { toxiproxyHere as binaryHere } from '../../fidelity/artifacts/toxiproxy.ts'
import { type ServedCluster, serve } from '../../serve/serve.ts'
import type { Provider } from '../providers/provider.interface.ts'
import { ToxiproxyServer } from '../toxiproxy/server.ts'

/** A Toxiproxy that is here already, or why there is none: tests build nothing. */
export async function toxiproxyHere(): Promise<{ readonly binary: string } | { readonly none: string }> {
  const binary = await binaryHere()
  if (binary !== null) return { binary }
  return { none: 'there is no toxiproxy-server on the PATH; ONCEOVER_TOXIPROXY names one elsewhere' }
}

/** The parts of a served cluster, for tests that break them. */
export interface ServedParts {
  readonly served: ServedCluster
  readonly toxiproxy: ToxiproxyServer
}

/**
 * The simulated cluster on TCP in the place of a real one: the same gates, the same Toxiproxy, no
 * Java.
 * @param onStart told when it is up
 * @param differing settings that the simulated run does not have
 */
export function servedKafka(
  binary: string,
  onStart: (parts: ServedParts) => void = () => {},
  differing: Scenario['broker'] = {},
): Provider {
  return {
    name: 'local',
    several: true,
    missing: async () => null,
    cannot: () => null,
    async start({ brokers, settings, signal, onFailure }) {
      const served = await serve({
        brokers,
        settings: { 'group.initial.rebalance.delay.ms': 0, ...settings, ...differing },
      })
      const toxiproxy = await ToxiproxyServer.start(binary, { signal, onEnd: onFailure })
      onStart({ served, toxiproxy })
      return {
        title: 'the simulated cluster',
        isOurs: true,
        how: 'over TCP',
        brokers: new Map(served.brokers.map(({ id, host, port }) => [id, { host, port }])),
        toxiproxy: toxiproxy.access,
        async stop() {
          await toxiproxy.stop()
          await served.stop()
        },
      }
    },
  }
}
