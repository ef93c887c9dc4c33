import { readFileSync } from 'node:fs'
import type { NetworkInterfaceInfo } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseProvider } from './choose.ts'
import { containedToxiproxy, gatesBehind, settingsEnvironment } from './containers.ts'
import type { WantedCluster } from './provider.interface.ts'

const WANTED: WantedCluster = {
  brokers: 1,
  settings: {},
  release: '4.1.0',
  signal: new AbortController().signal,
  onFailure: () => {},
  progress: () => {},
}
const COMPOSE = readFileSync(path.resolve(import.meta.dirname, '../../../docker-compose.yml'), 'utf8')

afterEach(() => vi.unstubAllEnvs())

describe('who has a cluster', () => {
  it('says what is missing, and what to type instead', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
    await expect(chooseProvider('docker')).rejects.toMatchObject({
      code: 'missing-provider',
      message: 'no Docker answers here; start it (DOCKER_HOST names another place), or type --provider local',
    })
  })

  it('names all that was looked for where there is nothing', async () => {
    vi.stubEnv('PATH', '')
    const nobody = chooseProvider(undefined)
    await expect(nobody).rejects.toMatchObject({ code: 'missing-provider' })
    await expect(nobody).rejects.toThrow(/no Docker answers here.*there is no Java here/)
  })

  it('knows its names', async () => {
    await expect(chooseProvider('podman')).rejects.toMatchObject({
      code: 'unknown-option',
      message: "there is no provider 'podman'; choose docker, local, testcontainers or brokers=host:port",
    })
  })
})

describe('a cluster in containers', () => {
  it('has the same settings as one of local processes, by the names that the image reads', () => {
    const environment = settingsEnvironment({ ...WANTED, settings: { 'a_b.c-d': 'x' } }, 3)
    expect(environment).toMatchObject({
      KAFKA_A__B_C___D: 'x',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'true',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '3',
    })
  })

  it('is what docker-compose.yml starts by hand as well', () => {
    for (const [name, value] of Object.entries(settingsEnvironment(WANTED, 1)))
      expect(COMPOSE.replaceAll('"', '')).toContain(`${name}: ${value}\n`)
  })

  it('is published on the loopback address only', () => {
    const published = [...COMPOSE.matchAll(/^ +ports: \[(.*)\]$/gm)].flatMap(([, list = '']) =>
      list.split(', '),
    )
    expect(published).toHaveLength(6)
    expect(published.filter((port) => !port.startsWith('"127.0.0.1:'))).toEqual([])
  })

  it('reaches gates by its bridge where that is an interface here, else by loopback', () => {
    const bridge = { address: '172.18.0.1', family: 'IPv4' } as NetworkInterfaceInfo
    const ours = { gateBind: '172.18.0.1', gateHost: '172.18.0.1' }
    const desktop = { gateBind: '127.0.0.1', gateHost: 'host.docker.internal' }
    expect(gatesBehind('172.18.0.1', { bridge: [bridge] })).toEqual(ours)
    expect(gatesBehind('172.19.0.1', { bridge: [bridge] })).toEqual(desktop)
    expect(gatesBehind(undefined, { bridge: [bridge] })).toEqual(desktop)
  })

  it('has a port for each of 32 links, and says so where there are more', () => {
    const access = containedToxiproxy('172.17.0.1', (port) => port + 10_000)
    expect(access.listen(0)).toBe('0.0.0.0:8666')
    expect(access.listen(31)).toBe('0.0.0.0:8697')
    expect(() => access.listen(32)).toThrow('a Toxiproxy in a container has 32 ports')
    expect(access.url).toBe('http://127.0.0.1:18474')
  })
})
