import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './index.ts'

const require = createRequire(import.meta.url)

interface ProtocolCodec {
  encode(value: object): Buffer
  decode(bytes: Buffer): object | null
}

const { MemberMetadata, MemberAssignment } = require('kafkajs/src/consumer/assignerProtocol') as {
  readonly MemberMetadata: ProtocolCodec
  readonly MemberAssignment: ProtocolCodec
}

const OWNED = [{ topic: 'orders', partitions: [0, 2] }]

describe('subscriptions', () => {
  it('of kafkajs are read, and ours by kafkajs', () => {
    const userData = Buffer.from('u')
    const theirs = MemberMetadata.encode({ version: 0, topics: ['orders', 'payments'], userData })
    expect(decodeSubscription(theirs)).toEqual({
      version: 0,
      topics: ['orders', 'payments'],
      userData,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
    })
    const ours = encodeSubscription({ version: 0, topics: ['orders'], userData })
    expect(MemberMetadata.decode(ours)).toEqual({ version: 0, topics: ['orders'], userData })
  })

  it('hold owned partitions from version 1, their generation from 2, the rack from 3', () => {
    const full = { topics: ['orders'], userData: null, ownedPartitions: OWNED, generationId: 7, rackId: 'r' }
    const read = [0, 1, 2, 3].map((version) => decodeSubscription(encodeSubscription({ version, ...full })))
    expect(read).toEqual([
      { version: 0, ...full, ownedPartitions: [], generationId: -1, rackId: null },
      { version: 1, ...full, generationId: -1, rackId: null },
      { version: 2, ...full, rackId: null },
      { version: 3, ...full },
    ])
  })

  it('of a later version are read as version 3, whatever follows', () => {
    const known = encodeSubscription({ version: 3, topics: ['orders'], rackId: 'r' })
    const later = Buffer.concat([known, Buffer.from('more')])
    later.writeInt16BE(9, 0)
    expect(decodeSubscription(later)).toMatchObject({ version: 9, topics: ['orders'], rackId: 'r' })
  })

  it('that cannot be parsed are null: empty, cut anywhere, another protocol', () => {
    const bytes = encodeSubscription({ version: 3, topics: ['orders'], ownedPartitions: OWNED })
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodeSubscription(bytes.subarray(0, length))).toBeNull()
    expect(decodeSubscription(Buffer.from('{"topics":["orders"]}'))).toBeNull()
    expect(decodeSubscription(Buffer.from([0xff, 0xff, 0, 0, 0, 0]))).toBeNull()
  })
})

describe('assignments', () => {
  it('of kafkajs are read, and ours by kafkajs', () => {
    const assignment = { orders: [0, 2], payments: [1] }
    const ours = [
      { topic: 'orders', partitions: [0, 2] },
      { topic: 'payments', partitions: [1] },
    ]
    expect(decodeAssignment(MemberAssignment.encode({ version: 1, assignment }))).toEqual(ours)
    expect(MemberAssignment.decode(encodeAssignment(ours))).toMatchObject({ assignment })
  })

  it('of no bytes are no partitions; of broken bytes, null', () => {
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([])
    expect(decodeAssignment(encodeAssignment(OWNED).subarray(0, -1))).toBeNull()
  })
})
