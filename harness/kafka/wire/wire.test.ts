import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SCHEMAS } from './apis/index.ts'
import {
  type ApiName,
  type Body,
  decodeRecords,
  decodeRequest,
  decodeResponse,
  encodeBatch,
  encodeRequest,
  encodeResponse,
  murmur2,
  readBatches,
  WireError,
} from './index.ts'
import { type Field, includes, parseFields } from './schema.ts'

const require = createRequire(import.meta.url)
const apis = Object.keys(SCHEMAS) as ApiName[]

/** Values for every field of this version, with its edges. */
function bodies(fields: readonly Field[], version: number): fc.Arbitrary<Body> {
  const present = fields.filter((field) => includes(field.versions, version))
  return fc.record(Object.fromEntries(present.map((field) => [field.name, valueFor(field, version)])))
}

function valueFor(field: Field, version: number): fc.Arbitrary<unknown> {
  const one = field.list
    ? fc.array(oneOf({ ...field, nullable: null }, version), { maxLength: 3 })
    : oneOf(field, version)
  return includes(field.nullable, version) && field.list ? fc.option(one) : one
}

function oneOf(field: Field, version: number): fc.Arbitrary<unknown> {
  const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
    includes(field.nullable, version) ? fc.option(arbitrary) : arbitrary
  switch (field.type) {
    case 'struct':
      return nullable(bodies(field.fields, version))
    case 'bool':
      return fc.boolean()
    case 'int8':
      return fc.integer({ min: -128, max: 127 })
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 })
    case 'uint16':
      return fc.integer({ min: 0, max: 65535 })
    case 'int32':
      return fc.integer()
    case 'uint32':
      return fc.nat()
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'float64':
      return fc.double({ noNaN: true })
    case 'string':
      return nullable(fc.string({ unit: 'grapheme', maxLength: 12 }))
    case 'uuid':
      return fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((bytes) => Buffer.from(bytes).toString('hex'))
    default:
      return nullable(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)))
  }
}

describe('the codec', () => {
  it.each(apis)('%s: what was written is read again, in every version and both directions', (api) => {
    const schema = SCHEMAS[api]
    for (let version = schema.min; version <= schema.max; version += 1) {
      fc.assert(
        fc.property(
          bodies(parseFields(schema.request), version),
          bodies(parseFields(schema.response), version),
          (request, response) => {
            const sent = encodeRequest({ api, version, correlationId: 7, clientId: 'me', body: request })
            expect(decodeRequest(sent.subarray(4))).toMatchObject({
              api,
              version,
              correlationId: 7,
              clientId: 'me',
              body: request,
            })
            const answered = encodeResponse(api, version, 7, response)
            expect(decodeResponse(api, version, answered.subarray(4))).toMatchObject({
              correlationId: 7,
              body: response,
            })
          },
        ),
        { numRuns: 15, seed: 1 },
      )
    }
  })

  it('refuses mutated frames with a WireError and nothing else', () => {
    const frames = apis.flatMap((api) => {
      const { min, max, request } = SCHEMAS[api]
      const [body] = fc.sample(bodies(parseFields(request), max), { numRuns: 1, seed: 3 })
      return [min, max].map((version) =>
        encodeRequest({ api, version, correlationId: 1, clientId: null, body: body ?? {} }),
      )
    })
    let refused = 0
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), fc.nat(255), fc.nat(), (frame, at, byte, cut) => {
        const bytes = Buffer.from(frame.subarray(4))
        bytes[at % bytes.length] = byte
        try {
          decodeRequest(bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length))
        } catch (error) {
          if (!(error instanceof WireError)) throw error
          refused += 1
        }
      }),
      { numRuns: 20_000, seed: 5 },
    )
    expect(refused).toBeGreaterThan(1_000)
  })
})

interface KafkajsRequest {
  readonly apiKey: number
  readonly apiVersion: number
  encode(): Promise<{ buffer: Buffer }>
}

describe("against kafkajs's own codec", () => {
  const createRequest = require('kafkajs/src/protocol/request') as (
    options: object,
  ) => Promise<{ buffer: Buffer }>

  it.each([2, 3, 4, 5])('OffsetCommit %i', async (version) => {
    const make = require(`kafkajs/src/protocol/requests/offsetCommit/v${version}/request`) as (
      input: object,
    ) => KafkajsRequest
    const topics = [
      { topic: 'orders', partitions: [{ partition: 1, offset: '9007199254740993', metadata: null }] },
    ]
    const request = make({ groupId: 'g', groupGenerationId: 3, memberId: 'm', retentionTime: '-1', topics })
    const { buffer } = await createRequest({ request, correlationId: 9, clientId: 'c' })
    expect(decodeRequest(buffer.subarray(4))).toMatchObject({
      api: 'OffsetCommit',
      version,
      clientId: 'c',
      body: {
        groupId: 'g',
        generationIdOrMemberEpoch: 3,
        memberId: 'm',
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, committedOffset: 9007199254740993n }] }],
      },
    })
  })

  it('record batches with headers, plain and gzip, beyond 2^53', async () => {
    const { decode } = require('kafkajs/src/protocol/recordBatch/v0/decoder') as { decode?: unknown }
    const decodeBatch = (decode ?? require('kafkajs/src/protocol/recordBatch/v0/decoder')) as (
      decoder: object,
    ) => Promise<{ records: { offset: string; value: Buffer; headers: Record<string, Buffer> }[] }>
    const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
    for (const compression of [0, 1] as const) {
      const records = [1, 2].map((each) => ({
        timestamp: 1_700_000_000_000n,
        key: Buffer.from('k'),
        value: Buffer.from(`v${each}`),
        headers: [{ key: 'h', value: Buffer.from('x') }],
      }))
      const bytes = encodeBatch({ baseOffset: 2n ** 60n, compression, records })
      const [batch] = readBatches(bytes)
      expect(batch && decodeRecords(batch).map(({ offset, value }) => [offset, String(value)])).toEqual([
        [2n ** 60n, 'v1'],
        [2n ** 60n + 1n, 'v2'],
      ])
      const theirs = await decodeBatch(new Decoder(bytes))
      expect(
        theirs.records.map(({ offset, value, headers }) => [offset, String(value), String(headers['h'])]),
      ).toEqual([
        [String(2n ** 60n), 'v1', 'x'],
        [String(2n ** 60n + 1n), 'v2', 'x'],
      ])
    }
  })

  it('a flipped bit in a batch is found by its CRC', () => {
    const bytes = encodeBatch({ records: [{ timestamp: 0n, key: null, value: Buffer.from('value') }] })
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1
    expect(() => readBatches(bytes)).toThrow(WireError)
  })

  it('murmur2', () => {
    const theirs = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number
    fc.assert(fc.property(fc.string(), (key) => murmur2(Buffer.from(key)) === theirs(Buffer.from(key))))
  })
})
