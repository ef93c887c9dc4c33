import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { EventOf, ObservationKind } from '../../core/history.ts'
import type { EffectTarget, Scenario } from '../../core/scenario.ts'
import type { RunResult } from '../../run/run.interface.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { handling } from '../../scenario/testing/consumers.ts'
import { createHttpReader } from './call-reader.ts'
import { type HttpHandler, type HttpOptions, http } from './index.ts'

const nameOf = ({ topic, partition, offset }: EffectTarget): string => `${topic}/${partition}@${offset}`
const accepting: HttpHandler = () => new Response('"accepted"', { status: 202 })

async function post(record: EffectTarget): Promise<void> {
  const answer = await fetch('http://mail/send?now=1', { method: 'POST', body: nameOf(record) })
  if (!answer.ok) throw new Error(`answered with ${answer.status}`)
  await answer.text()
}

function scenarioOf(handler: HttpHandler, options: HttpOptions = {}, more: Partial<Scenario> = {}): Scenario {
  return {
    name: 'mail',
    topics: { work: { partitions: 1 } },
    records: { work: 3 },
    consumers: 1,
    app: handling(post),
    services: { mail: http(handler, { identity: ({ body }) => body, ...options }) },
    identity: nameOf,
    effects: { from: 'mail', query: 'POST /send' },
    guarantee: exactlyOnce(),
    ...more,
  }
}

async function run(scenario: Scenario, ...faults: readonly Fault[]): Promise<RunResult> {
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  const workload = prepared.workload('seed')
  return prepared.run({ seed: 'seed', workload, faults, holds: [] }, { stopAt: 'end', watchLeaks: true })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is EventOf<Kind> => event.kind === kind)
}

const SECOND = 'consumer-0 mail POST /send#2'
const at = { target: SECOND, at: { event: `${SECOND} sent` } } as const
const errors = (result: RunResult): string[] => all(result, 'handler-failure').map(({ error }) => error)

describe('an HTTP service', () => {
  it('has calls with names and phases, and accepted requests as effects', async () => {
    const result = await run(scenarioOf(accepting))
    expect(
      all(result, 'call')
        .slice(0, 4)
        .map(({ operation, phase }) => [operation, phase]),
    ).toEqual(['sent', 'received', 'applied', 'acknowledged'].map((phase) => ['POST /send', phase]))
    expect(all(result, 'effect').map(({ call, offset }) => [call, offset])).toEqual(
      [1, 2, 3].map((ordinal) => [`consumer-0 mail POST /send#${ordinal}`, BigInt(ordinal - 1)]),
    )
    expect(result.verdict.verdict).toBe('held')
  })

  it.each<[string, Fault, string[], number]>([
    [
      'refuses a call with an error of its own',
      { kind: 'service-error', ...at, error: '503' },
      ['Error: answered with 503'],
      3,
    ],
    [
      'does a call whose answer is lost: the app sends it again, and it is done twice',
      { kind: 'service-answer-lost', ...at },
      ['TypeError: fetch failed'],
      4,
    ],
    [
      'never hears of a call whose connection breaks',
      { kind: 'service-disconnect', ...at },
      ['TypeError: fetch failed'],
      3,
    ],
  ])('%s', async (_, fault, failures, effects) => {
    const result = await run(scenarioOf(accepting), fault)
    expect(errors(result)).toEqual(failures)
    expect(all(result, 'effect')).toHaveLength(effects)
    expect(result.verdict.verdict).toBe(effects === 3 ? 'held' : 'violated')
  })

  it('remembers within a schedule, and begins each one empty', async () => {
    const counting: HttpHandler = (_, { kept }) => {
      kept.set('calls', Number(kept.get('calls') ?? 0) + 1)
      return new Response(null, { status: kept.get('calls') === 3 ? 409 : 204 })
    }
    const scenario = scenarioOf(counting)
    for (const _ of [1, 2]) expect(errors(await run(scenario))).toEqual(['Error: answered with 409'])
  })

  it('is slow where its handler waits, in virtual time', async () => {
    const slow: HttpHandler = async (_, { wait }) => {
      await wait(2_000)
      return new Response(null, { status: 202 })
    }
    const calls = all(await run(scenarioOf(slow)), 'call').filter(({ ordinal }) => ordinal === 1)
    const [sent = 0, , applied = 0] = calls.map(({ timeUs }) => timeUs)
    expect(Math.round((applied - sent) / 1e6)).toBe(2)
  })

  it('ends idle connections, and says when it will', async () => {
    const keepAlives: (string | null)[] = []
    const app = handling(async () => {
      const answer = await fetch('http://mail/send', { method: 'POST', body: '' })
      keepAlives.push(answer.headers.get('keep-alive'))
      await answer.text()
    })
    await run(scenarioOf(accepting, { keepAliveMs: 7_000 }, { app, effects: 'handlers' }))
    expect(new Set(keepAlives)).toEqual(new Set(['timeout=7']))
  })
})

describe('wrong use', () => {
  it.each<[string, HttpHandler, RegExp]>([
    [
      'a handler that throws',
      () => {
        throw new TypeError('x is null')
      },
      /consumer-0 calls POST \/send at mail: the handler failed with TypeError: x is null/,
    ],
    [
      'a handler that never answers',
      () => new Promise<Response>(() => {}),
      /calls POST \/send at mail: the handler does not answer/,
    ],
    ['no Response', (() => ({ status: 200 })) as never, /it returned no Response/],
  ])('%s: the scenario cannot be checked', async (_, handler, sentence) => {
    await expect(prepareScenario(scenarioOf(handler), { file: import.meta.filename })).rejects.toThrow(
      sentence,
    )
  })

  it('of options, and of queries', async () => {
    expect(() => http(accepting, { keepalive: 1 } as never)).toThrow("http() has no option 'keepalive'")
    expect(() => http({} as never)).toThrow('http() takes a handler')
    const scenario = scenarioOf(accepting, {}, { effects: { from: 'mail', query: 'send' } })
    await expect(prepareScenario(scenario, { file: import.meta.filename })).rejects.toThrow(
      "'send' is none of an HTTP service",
    )
  })
})

describe('the calls in what a client sends', () => {
  const REQUEST = 'POST /a?b=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi'
  const CHUNKED = 'PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'

  it('are found whatever the pieces are in which bytes come', () => {
    const reader = createHttpReader()
    const bytes = Buffer.from(REQUEST + CHUNKED)
    expect([...bytes].flatMap((byte) => reader.wrote(Buffer.from([byte])))).toEqual(['POST /a', 'PUT /c'])
  })

  it('are answered by responses, but for interim ones; one to HEAD has no body', () => {
    const reader = createHttpReader()
    reader.wrote(Buffer.from('HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n'))
    reader.wrote(Buffer.from(REQUEST))
    expect(reader.got(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'))).toBe(0)
    expect(reader.got(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'))).toBe(1)
    expect(reader.got(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh'))).toBe(0)
    expect(reader.got(Buffer.from('i'))).toBe(1)
  })
})
