import { describe, expect, it } from 'vitest'
import type { RequestAction, RequestInfo } from '../kafka/index.ts'
import { PlacedFaults, type ServeFault } from './faults.ts'
import { type ServedCluster, serve } from './index.ts'
import { clientOf } from './testing/kafkajs.ts'

const ANY = { request: 'OffsetCommit', kind: 'disconnect-before' } as const

function request(overrides: Partial<RequestInfo> = {}): RequestInfo {
  return {
    peer: { process: '127.0.0.1', incarnation: 1 },
    connectionId: 1,
    broker: { id: 0, host: 'h', port: 1 },
    api: 'OffsetCommit',
    version: 8,
    correlationId: 1,
    clientId: 'a',
    body: { groupId: 'g' },
    ...overrides,
  }
}

function struck(faults: PlacedFaults, calls: number): number[] {
  const numbers = Array.from({ length: calls }, (_, index) => index + 1)
  return numbers.filter(() => faults.hooks.received?.(request())?.kind !== 'proceed')
}

describe('which calls a fault strikes', () => {
  it.each<[ServeFault['when'], number[]]>([
    [undefined, [1]],
    ['once', [1]],
    [{ call: 3 }, [3]],
    [{ times: 2 }, [1, 2]],
    ['always', [1, 2, 3, 4]],
  ])('%j', (when, expected) => {
    const faults = new PlacedFaults()
    const placed = faults.place({ ...ANY, ...(when === undefined ? {} : { when }) })
    expect(struck(faults, 4)).toEqual(expected)
    expect([placed.calls, placed.hits]).toEqual([4, expected.length])
  })

  it('calls are counted from when it is placed, and no more once it is removed', () => {
    const faults = new PlacedFaults()
    struck(faults, 2)
    const placed = faults.place({ ...ANY, when: { call: 2 } })
    expect(struck(faults, 2)).toEqual([2])
    placed.remove()
    struck(faults, 2)
    expect([placed.calls, placed.hits]).toEqual([2, 1])
  })

  it('by client id, broker and content', () => {
    const faults = new PlacedFaults()
    const kindOf = (info: RequestInfo): RequestAction['kind'] | undefined =>
      faults.hooks.received?.(info).kind
    const placed = faults.place({
      ...ANY,
      when: 'always',
      clientId: 'a',
      broker: 0,
      where: ({ body: { groupId } }) => groupId === 'g',
    })
    expect(kindOf(request())).toBe('disconnect-before')
    expect(kindOf(request({ api: 'Heartbeat' }))).toBe('proceed')
    expect(kindOf(request({ clientId: 'b' }))).toBe('proceed')
    expect(kindOf(request({ broker: { id: 1, host: 'h', port: 1 } }))).toBe('proceed')
    expect(kindOf(request({ body: { groupId: 'h' } }))).toBe('proceed')
    expect([placed.calls, placed.hits]).toEqual([1, 1])
  })

  it('of two the one that was placed first strikes; the other one stays for the next call', () => {
    const faults = new PlacedFaults()
    const first = faults.place(ANY)
    const second = faults.place({ ...ANY, kind: 'lose-answer' })
    const kinds = [1, 2, 3].map(() => faults.hooks.received?.(request()).kind)
    expect(kinds).toEqual(['disconnect-before', 'lose-answer', 'proceed'])
    expect([first.calls, second.calls]).toEqual([3, 3])
  })

  it.each([
    [{ ...ANY, request: 'OffsetComit' }, "there is no request 'OffsetComit'; did you mean 'OffsetCommit'?"],
    [{ ...ANY, kind: 'blackhole' }, "there is no kind of fault 'blackhole'; did you mean 'black-hole'?"],
    [
      { ...ANY, kind: 'error', error: 'NOT_CORDINATOR' },
      "there is no error 'NOT_CORDINATOR'; did you mean 'NOT_COORDINATOR'?",
    ],
    [{ ...ANY, kind: 'delay' }, 'ms is the length of a delay in milliseconds, from 0 on, not undefined'],
    [{ ...ANY, when: { call: 0 } }, "when is 'once', 'always', { call: n } or { times: n } with n from 1 on"],
    [{ ...ANY, when: 'never' }, "when is 'once', 'always', { call: n } or { times: n } with n from 1 on"],
  ])('%j is refused in a sentence', (fault, sentence) => {
    expect(() => new PlacedFaults().place(fault as ServeFault)).toThrow(sentence)
  })
})

describe('what a producer that does not try again hears of a fault', () => {
  async function withProducer(
    work: (send: () => Promise<unknown>, cluster: ServedCluster) => Promise<void>,
    requestTimeout = 30_000,
  ): Promise<void> {
    await using cluster = await serve({ topics: { t: 1 } })
    const producer = clientOf(cluster, { requestTimeout, retry: { retries: 0 } }).producer()
    await producer.connect()
    const send = (): Promise<unknown> => producer.send({ topic: 't', messages: [{ value: 'v' }] })
    await send()
    await work(send, cluster)
    await producer.disconnect()
  }

  const applied = ({ admin }: ServedCluster): boolean => admin.logEnd('t', 0) === 2n

  it('error: its name, and nothing is applied', async () => {
    await withProducer(async (send, cluster) => {
      const error = 'TOPIC_AUTHORIZATION_FAILED'
      const fault = cluster.fault({ request: 'Produce', kind: 'error', error })
      await expect(send()).rejects.toMatchObject({ type: error })
      expect([fault.hits, applied(cluster)]).toEqual([1, false])
      await send()
      expect([fault.hits, applied(cluster)]).toEqual([1, true])
    })
  })

  it.each([
    ['disconnect-before', false],
    ['disconnect-after', true],
  ] as const)('%s: a closed connection; applied: %s', async (kind, expected) => {
    await withProducer(async (send, cluster) => {
      const fault = cluster.fault({ request: 'Produce', kind, when: 'always' })
      await expect(send()).rejects.toMatchObject({ cause: { name: 'KafkaJSConnectionClosedError' } })
      expect([fault.hits, applied(cluster)]).toEqual([1, expected])
    })
  })

  it.each([
    ['black-hole', false],
    ['lose-answer', true],
  ] as const)('%s: silence; applied: %s', async (kind, expected) => {
    await withProducer(async (send, cluster) => {
      const fault = cluster.fault({ request: 'Produce', kind, when: 'always' })
      await expect(send()).rejects.toMatchObject({ cause: { name: 'KafkaJSRequestTimeoutError' } })
      expect([fault.hits, applied(cluster)]).toEqual([1, expected])
    }, 2_000)
  })

  it.each([
    ['delay', false],
    ['delay-answer', true],
  ] as const)('%s: an answer later; applied at once: %s', async (kind, expected) => {
    await withProducer(async (send, cluster) => {
      const fault = cluster.fault({ request: 'Produce', kind, ms: 1_000 })
      const done = send()
      await expect.poll(() => fault.hits).toBe(1)
      expect(applied(cluster)).toBe(expected)
      await done
      expect(applied(cluster)).toBe(true)
    })
  })
})

describe('what an idempotent producer makes of a lost answer', () => {
  it('it sends the batch again, and the log has it once', async () => {
    await using cluster = await serve({ topics: { t: 1 } })
    const producer = clientOf(cluster).producer({ idempotent: true })
    await producer.connect()
    const fault = cluster.fault({ request: 'Produce', kind: 'disconnect-after' })
    await producer.send({ topic: 't', messages: [{ value: 'once' }] })
    expect([fault.calls, fault.hits, cluster.admin.logEnd('t', 0)]).toEqual([2, 1, 1n])
    await producer.disconnect()
  })
})
