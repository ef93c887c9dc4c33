import { networkInterfaces } from 'node:os'
import { RealClusterError } from '../cluster/errors.ts'
import type { ToxiproxyAccess } from '../toxiproxy/links.ts'
import type { Need, WantedCluster } from './provider.interface.ts'
import { clusterSettings } from './settings.ts'

/** Brokers of a cluster in containers where a schedule has more than one. */
export const SEVERAL = 3
export const TOXIPROXY_CONTROL = 8_474
/** Of an image of Toxiproxy: one for each pair of a process and a broker. */
export const PROXY_PORTS: readonly number[] = Array.from({ length: 32 }, (_, index) => 8_666 + index)

const HOST = '127.0.0.1'

/** A sentence for a need that containers can't serve, or null. */
export function cannotInContainers(need: Need): string | null {
  return need === 'controller-link'
    ? 'its brokers are controllers, and there is no way between them that could be cut; type --provider local'
    : null
}

/**
 * The settings of a cluster as environment variables, as the official image reads them:
 * `kafka.docker.KafkaDockerWrapper` makes of `_` a dot, of `__` an underscore, of `___` a dash.
 */
export function settingsEnvironment(wanted: WantedCluster, brokers: number): Record<string, string> {
  const settings = Object.entries(clusterSettings({ ...wanted, brokers }))
  return Object.fromEntries(settings.map(([name, value]) => [variableOf(name), String(value)]))
}

function variableOf(setting: string): string {
  const name = setting.replace(/[._-]/g, (each) => ({ '.': '_', _: '__', '-': '___' })[each] ?? each)
  return `KAFKA_${name.toUpperCase()}`
}

/**
 * Gates listen on this machine, where Toxiproxy in a container reaches them: on the gateway of its
 * network, where that is an address of this machine; elsewhere (Docker Desktop) on loopback, to
 * which a name of Docker's leads.
 */
export function gatesBehind(
  gateway: string | undefined,
  interfaces = networkInterfaces(),
): Pick<ToxiproxyAccess, 'gateBind' | 'gateHost'> {
  const own = Object.values(interfaces).flatMap((each) => each ?? [])
  const ours = own.find(({ address }) => address === gateway)
  return ours === undefined
    ? { gateBind: HOST, gateHost: 'host.docker.internal' }
    : { gateBind: ours.address, gateHost: ours.address }
}

/** @param portOf the port of this machine by which one of the container is reached */
export function containedToxiproxy(
  gateway: string | undefined,
  portOf: (port: number) => number,
): ToxiproxyAccess {
  return {
    url: `http://${HOST}:${portOf(TOXIPROXY_CONTROL)}`,
    ...gatesBehind(gateway),
    listen(index) {
      const port = PROXY_PORTS[index]
      if (port !== undefined) return `0.0.0.0:${port}`
      throw new RealClusterError(
        `a Toxiproxy in a container has ${PROXY_PORTS.length} ports, and each process takes one for each broker; type --provider local`,
      )
    },
    portOf,
  }
}
