import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'

const SETTINGS = { 'onceover.sasl.users': 'alice:secret,bob:hunter2' }

function plain(user: string, password: string): Buffer {
  return Buffer.from(`\0${user}\0${password}`)
}

function login(connection: Line, token: Buffer): Call<'SaslAuthenticate'> {
  connection.call('SaslHandshake', 1, { mechanism: 'PLAIN' })
  return connection.call('SaslAuthenticate', 1, { authBytes: token })
}

function canAsk(connection: Line): boolean {
  return connection.call('Metadata', 1, { topics: [] }).body !== null
}

describe('where users are named', () => {
  it('nothing but ApiVersions and a handshake is taken before', () => {
    const world = createWorld({ settings: SETTINGS })
    const connection = world.connect()
    expect(connection.call('ApiVersions', 2, {}).error).toBe('NONE')
    expect(canAsk(connection)).toBe(false)
    expect(connection.ended).toBe('closed')
    const early = world.connect()
    early.call('SaslAuthenticate', 1, { authBytes: plain('alice', 'secret') })
    expect(early.ended).toBe('closed')
  })

  it('the right password lets in, the handshake names the mechanisms', () => {
    const connection = createWorld({ settings: SETTINGS }).connect()
    const handshake = connection.call('SaslHandshake', 1, { mechanism: 'PLAIN' })
    expect(handshake.answer.mechanisms).toEqual(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    expect(connection.call('SaslAuthenticate', 1, { authBytes: plain('bob', 'hunter2') }).error).toBe('NONE')
    expect(canAsk(connection)).toBe(true)
    expect(connection.call('SaslHandshake', 1, { mechanism: 'PLAIN' }).error).toBe('ILLEGAL_SASL_STATE')
  })

  it.each([plain('alice', 'hunter2'), plain('carol', 'secret'), Buffer.from('bob\0alice\0secret')])(
    'a wrong one is told so after a while, then the connection closes',
    (token) => {
      const world: ProbeWorld = createWorld({ settings: SETTINGS })
      const connection = world.connect()
      const call = login(connection, token)
      expect(call.pending).toBe(true)
      world.clock.advance(100)
      expect(call.error).toBe('SASL_AUTHENTICATION_FAILED')
      expect(connection.ended).toBe('closed')
    },
  )

  it('a mechanism that is not offered closes the connection', () => {
    const world = createWorld({ settings: { ...SETTINGS, 'sasl.enabled.mechanisms': 'SCRAM-SHA-256' } })
    const connection = world.connect()
    const call = connection.call('SaslHandshake', 1, { mechanism: 'PLAIN' })
    world.clock.advance(100)
    expect([call.error, connection.ended]).toEqual(['UNSUPPORTED_SASL_MECHANISM', 'closed'])
  })

  it('a session ends unless its user authenticates again (KIP-368)', () => {
    const world = createWorld({ settings: { ...SETTINGS, 'connections.max.reauth.ms': 10_000 } })
    const lazy = world.connect()
    const diligent = world.connect()
    const other = world.connect()
    expect(login(lazy, plain('alice', 'secret')).answer.sessionLifetimeMs).toBe(10_000n)
    login(diligent, plain('alice', 'secret'))
    login(other, plain('alice', 'secret'))
    world.clock.advance(9_000)
    expect(login(diligent, plain('alice', 'secret')).error).toBe('NONE')
    const changed = login(other, plain('bob', 'hunter2'))
    world.clock.advance(1_000)
    expect([canAsk(lazy), canAsk(diligent)]).toEqual([false, true])
    expect([lazy.ended, changed.error, other.ended]).toEqual([
      'closed',
      'SASL_AUTHENTICATION_FAILED',
      'closed',
    ])
  })

  it.each([
    ['SCRAM-SHA-256', 'sha256', 32],
    ['SCRAM-SHA-512', 'sha512', 64],
  ] as const)('%s lets in who proves to know the password', (mechanism, digest, bytes) => {
    const connection = createWorld({ settings: SETTINGS }).connect()
    connection.call('SaslHandshake', 1, { mechanism })
    const bare = 'n=alice,r=abc'
    const first = connection.call('SaslAuthenticate', 1, { authBytes: Buffer.from(`n,,${bare}`) })
    const serverFirst = first.answer.authBytes
    const [, nonce = '', salt = '', count = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(String(serverFirst)) ?? []
    const salted = pbkdf2Sync('secret', Buffer.from(salt, 'base64'), Number(count), bytes, digest)
    const clientKey = createHmac(digest, salted).update('Client Key').digest()
    const storedKey = createHash(digest).update(clientKey).digest()
    const withoutProof = `c=biws,r=${nonce}`
    const signature = createHmac(digest, storedKey).update(`${bare},${serverFirst},${withoutProof}`).digest()
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
    const authBytes = Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)
    const final = connection.call('SaslAuthenticate', 1, { authBytes })
    expect([final.error, canAsk(connection)]).toEqual(['NONE', true])
  })

  it('a password is changed, taken away, and described (KIP-554)', () => {
    const world = createWorld({ settings: SETTINGS })
    const admin = world.connect()
    login(admin, plain('alice', 'secret'))
    const salt = Buffer.from('pepper')
    const salted = pbkdf2Sync('changed', salt, 8_192, 32, 'sha256')
    const upsertion = { name: 'bob', mechanism: 1, iterations: 8_192, salt, saltedPassword: salted }
    admin.call('AlterUserScramCredentials', 0, { deletions: [], upsertions: [upsertion] })
    const first = (): string => {
      const connection = world.connect()
      connection.call('SaslHandshake', 1, { mechanism: 'SCRAM-SHA-256' })
      const call = connection.call('SaslAuthenticate', 1, { authBytes: Buffer.from('n,,n=bob,r=abc') })
      world.clock.advance(100)
      return call.error === 'NONE' ? String(call.answer.authBytes) : call.error
    }
    expect(first()).toMatch(new RegExp(`s=${salt.toString('base64')},i=8192$`))
    const deletion = { name: 'bob', mechanism: 1 }
    admin.call('AlterUserScramCredentials', 0, { deletions: [deletion], upsertions: [] })
    expect(first()).toBe('SASL_AUTHENTICATION_FAILED')
    expect(admin.call('DescribeUserScramCredentials', 0, { users: null }).answer.results).toMatchObject([
      {
        user: 'alice',
        credentialInfos: [
          { mechanism: 1, iterations: 4_096 },
          { mechanism: 2, iterations: 4_096 },
        ],
      },
      { user: 'bob', credentialInfos: [{ mechanism: 2, iterations: 4_096 }] },
    ])
  })

  it('has to be written as users with passwords', () => {
    expect(() => createWorld({ settings: { 'onceover.sasl.users': 'alice' } })).toThrow(UsageError)
  })
})
