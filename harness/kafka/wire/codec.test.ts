import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodies } from '../probe/bodies.ts'
import { ByteWriter } from './bytes.ts'
import {
  APIS,
  type ApiName,
  type Body,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  WireError,
} from './index.ts'
import { parseFields } from './schema.ts'

const apis = Object.keys(APIS) as ApiName[]
const everyVersion = apis.flatMap((api) => {
  const { min, max } = APIS[api]
  return Array.from({ length: max - min + 1 }, (_, index) => ({ api, version: min + index }))
})

function request(api: ApiName, version: number, body: Body): Buffer {
  return encodeRequest({ api, version, correlationId: 7, clientId: 'me', body }).subarray(4)
}

function refusal(frame: Buffer): string {
  try {
    decodeRequest(frame)
  } catch (error) {
    if (error instanceof WireError) return error.reason
    throw error
  }
  return 'none'
}

describe('what was written is read again', () => {
  it.each(apis)('%s: any values, in every version and both directions', (api) => {
    for (const { version } of everyVersion.filter((each) => each.api === api)) {
      const asked = bodies(parseFields(APIS[api].request), version)
      const answered = bodies(parseFields(APIS[api].response), version)
      fc.assert(
        fc.property(asked, answered, (body, answer) => {
          const frame = encodeResponse(api, version, 8, answer)
          // One expectation: with one for each of these, they would be most of the work.
          expect([
            decodeRequest(request(api, version, body)),
            frame.readInt32BE(0),
            decodeResponse(api, version, frame.subarray(4)),
          ]).toMatchObject([
            { api, version, correlationId: 7, clientId: 'me', body },
            frame.length - 4,
            { correlationId: 8, body: answer },
          ])
        }),
        { numRuns: 15, seed: 1 },
      )
    }
  })

  it('an empty body takes defaults that can be written, in every version of every request', () => {
    for (const { api, version } of everyVersion) {
      const once = decodeRequest(request(api, version, {})).body
      expect([api, version, decodeRequest(request(api, version, once)).body]).toEqual([api, version, once])
      const answer = decodeResponse(api, version, encodeResponse(api, version, 1, {}).subarray(4)).body
      const again = encodeResponse(api, version, 1, answer)
      expect([api, version, decodeResponse(api, version, again.subarray(4)).body]).toEqual([
        api,
        version,
        answer,
      ])
    }
  })

  it('fields of other versions are left out, and read as their defaults', () => {
    const body = { groupId: 'g', groupInstanceId: 'static', retentionTimeMs: 5n }
    expect(decodeRequest(request('OffsetCommit', 5, body)).body).toMatchObject({
      groupId: 'g',
      groupInstanceId: null,
      retentionTimeMs: -1n,
      generationIdOrMemberEpoch: -1,
    })
  })

  it('frames of any length, when the buffer behind the writer has to grow', () => {
    for (let length = 4_080; length < 4_110; length += 1) {
      const body = { topics: ['t'.repeat(length)].map((name) => ({ name })), allowAutoTopicCreation: false }
      expect(decodeRequest(request('Metadata', 4, body)).body).toMatchObject(body)
      const writer = new ByteWriter()
      writer.bytes(Buffer.alloc(length))
      writer.int8(-1)
      writer.int64(-2n)
      expect(writer.done().subarray(length).toString('hex')).toBe('fffffffffffffffffe')
    }
  })

  it('a null client id', () => {
    const frame = encodeRequest({
      api: 'Heartbeat',
      version: 4,
      correlationId: 1,
      clientId: null,
      body: { groupId: 'g' },
    })
    expect(decodeRequest(frame.subarray(4))).toMatchObject({ clientId: null, body: { groupId: 'g' } })
  })
})

describe('headers and tagged fields (KIP-482)', () => {
  it('an ApiVersions answer has the old header, so that a client can read it before it knows the broker', () => {
    const frame = encodeResponse('ApiVersions', 3, 5, { errorCode: 35 })
    expect(frame.subarray(4, 10).toString('hex')).toBe('000000050023')
  })

  it('other flexible answers have a header with tagged fields', () => {
    const frame = encodeResponse('Heartbeat', 4, 5, { errorCode: 27 })
    expect(frame.subarray(4).toString('hex')).toBe('000000050000000000001b00')
  })

  it('tagged fields at their defaults are not written', () => {
    const written = (body: Body): number => encodeResponse('Fetch', 16, 1, { responses: [body] }).length
    const plain = { partitions: [{ partitionIndex: 1 }] }
    const spelledOut = { partitions: [{ partitionIndex: 1, currentLeader: { leaderId: -1 } }] }
    const other = { partitions: [{ partitionIndex: 1, currentLeader: { leaderId: 2 } }] }
    expect(written(spelledOut)).toBe(written(plain))
    expect(written(other)).toBeGreaterThan(written(plain))
  })

  it('unknown tagged fields are passed over', () => {
    const frame = request('Heartbeat', 4, { groupId: 'g', generationId: 3, memberId: 'm' })
    const tagged = Buffer.concat([frame.subarray(0, -1), Buffer.from([1, 99, 2, 0xab, 0xcd])])
    expect(decodeRequest(tagged).body).toMatchObject({ groupId: 'g', generationId: 3, memberId: 'm' })
  })

  it('a tagged field whose size does not fit its value is refused', () => {
    const frame = request('Fetch', 12, { clusterId: 'abc' })
    expect(frame.subarray(-7).toString('hex')).toBe('01000404616263')
    frame[frame.length - 5] = 3
    expect(refusal(frame)).toBe('malformed')
  })
})

describe('frames that are refused', () => {
  it('a request that nobody knows, and a version that is not there yet', () => {
    const frame = request('Heartbeat', 4, {})
    frame.writeInt16BE(9_999, 0)
    expect(refusal(frame)).toBe('unknown-api')
    frame.writeInt16BE(APIS.Heartbeat.key, 0)
    frame.writeInt16BE(APIS.Heartbeat.max + 1, 2)
    expect(refusal(frame)).toBe('unsupported-version')
    expect(refusal(Buffer.alloc(7))).toBe('malformed')
  })

  it.each([3, 4])('null for a group id in Heartbeat %i, where there is no null', (version) => {
    const frame = request('Heartbeat', version, { groupId: '' })
    const lengthAt = version === 3 ? 12 : 13
    if (version === 3) frame.writeInt16BE(-1, lengthAt)
    else frame[lengthAt] = 0
    expect(refusal(frame)).toBe('malformed')
  })

  it('null for all topics is Metadata 1, and refused in Metadata 0', () => {
    const frame = request('Metadata', 1, { topics: null })
    expect(decodeRequest(frame).body).toMatchObject({ topics: null })
    frame.writeInt16BE(0, 2)
    expect(refusal(frame)).toBe('malformed')
  })

  it('a null that we would write where there is none is our mistake, not a WireError', () => {
    expect(() => request('Heartbeat', 3, { groupId: null })).toThrow(TypeError)
    expect(() => request('Metadata', 0, { topics: null })).toThrow(TypeError)
  })

  it('a list of two thousand million elements in a frame of forty bytes', () => {
    const frame = request('DescribeGroups', 0, { groups: ['a'] })
    frame.writeInt32BE(2 ** 31 - 1, 12)
    expect(refusal(frame)).toBe('malformed')
  })

  it('a string longer than 32,767 bytes, which compact lengths could hold', () => {
    expect(refusal(request('Heartbeat', 4, { groupId: 'g'.repeat(32_767) }))).toBe('none')
    expect(refusal(request('Heartbeat', 4, { groupId: 'g'.repeat(32_768) }))).toBe('malformed')
  })

  it('a frame cut anywhere', () => {
    const frame = request('OffsetCommit', 9, { groupId: 'g', topics: [{ name: 't', partitions: [{}] }] })
    for (let length = 0; length < frame.length; length += 1)
      expect(refusal(frame.subarray(0, length))).toBe('malformed')
  })

  it('5,000 mutated frames: a WireError and nothing else', () => {
    const frames = everyVersion.flatMap(({ api, version }) =>
      fc
        .sample(bodies(parseFields(APIS[api].request), version), { numRuns: 2, seed: 3 })
        .map((body) => request(api, version, body)),
    )
    const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat()),
        (frame, mutations, cut) => {
          const bytes = Buffer.from(frame)
          for (const { at, byte } of mutations) bytes[at % bytes.length] = byte
          const mutated = cut === null ? bytes : bytes.subarray(0, cut % bytes.length)
          if (refusal(mutated) !== 'none') refused += 1
        },
      ),
      { numRuns: 5_000, seed: 5 },
    )
    expect(refused).toBeGreaterThan(1_250)
  })

  it('5,000 mutated answers: a WireError and nothing else', () => {
    const frames = everyVersion.map(({ api, version }) => {
      const [body] = fc.sample(bodies(parseFields(APIS[api].response), version), { numRuns: 1, seed: 4 })
      return { api, version, frame: encodeResponse(api, version, 1, body ?? {}).subarray(4) }
    })
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), fc.nat(255), ({ api, version, frame }, at, byte) => {
        const bytes = Buffer.from(frame)
        bytes[at % bytes.length] = byte
        try {
          decodeResponse(api, version, bytes)
        } catch (error) {
          if (!(error instanceof WireError)) throw error
        }
      }),
      { numRuns: 5_000, seed: 6 },
    )
  })
})
