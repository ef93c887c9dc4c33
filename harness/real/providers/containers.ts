import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { RealClusterError } from '../cluster/errors.ts'
import type { ToxiproxyAccess } from '../toxiproxy/links.ts'
import type { Need, Wanted } from './provider.interface.ts'
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
export function settingsEnvironment(wanted: Wanted, brokers: number): Record<string, string> {
  const settings = Object.entries(clusterSettings({ ...wanted, brokers }))
  return Object.fromEntries(settings.map(([name, value]) => [variableOf(name), String(value)]))
}

function variableOf(setting: string): string {
  const name = setting.replace(/[._-]/g, (each) => ({ '.': '_', _: '__', '-': '___' })[each] ?? each)
  return `KAFKA_${name.toUpperCase()}`
}

/**
 * Gates listen on this machine, and Toxiproxy in a container reaches them by the address that
 * Docker gives its host. Where the bridge is an interface of this machine, that is its address;
 * elsewhere (Docker Desktop) the name leads to loopback.
 * @param subnet of the bridge, such as 172.17.0.0/16; not every Docker tells its gateway
 */
export function gateAddress(subnet: string | undefined, interfaces = networkInterfaces()): string {
  const [network = '', bits = ''] = (subnet ?? '').split('/')
  if (!isIPv4(network)) return HOST
  const bridge = new BlockList()
  bridge.addSubnet(network, Number(bits))
  const own = Object.values(interfaces).flatMap((each) => each ?? [])
  return own.find(({ address, family }) => family === 'IPv4' && bridge.check(address))?.address ?? HOST
}

/** @param portOf the port of this machine by which one of the container is reached */
export function containedToxiproxy(gateBind: string, portOf: (port: number) => number): ToxiproxyAccess {
  return {
    url: `http://${HOST}:${portOf(TOXIPROXY_CONTROL)}`,
    gateBind,
    gateHost: 'host.docker.internal',
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
