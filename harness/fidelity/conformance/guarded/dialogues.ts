import { pbkdf2Sync } from 'node:crypto'
import type { Named } from '../table.ts'
import type { GuardedClient, GuardedConnection, ScramChange, ScramName } from './client.ts'

/** A client's dialogue with brokers that authenticate every connection, line by line. */
export interface Dialogue extends Named {
  readonly talk: (client: GuardedClient, name: string) => Promise<readonly string[]>
}

/** As users and passwords of both clusters: `alice` is an administrator, `bob` is not. */
export const USERS = { alice: 'secret', bob: 'hunter2' } as const
/** A session ends after this. */
export const REAUTHENTICATE_MS = 4_000
/** Brokers hear of a change a moment after it was made. */
const HEARD_MS = 2_000
interface User {
  readonly user: string
  readonly password: string
}

const ALICE: User = { user: 'alice', password: USERS.alice }

const told = (title: string, talk: Dialogue['talk']): Dialogue => ({ row: 'S', title, talk })

/** On one new connection. */
const alone = (
  title: string,
  talk: (connection: GuardedConnection, client: GuardedClient) => Promise<readonly string[]>,
): Dialogue => told(title, (client) => talk(client.connect(), client))

const scram = (
  title: string,
  user: User,
  change: ScramChange = {},
  mechanism: ScramName = 'SCRAM-SHA-256',
): Dialogue =>
  alone(title, async (connection) => [
    await connection.scram(mechanism, user, change),
    await connection.metadata(),
  ])

const plain = (title: string, token: string): Dialogue =>
  alone(title, async (connection) => [
    await connection.handshake('PLAIN'),
    await connection.authenticate(token),
    await connection.metadata(),
  ])

/** Dialogues before authentication. */
const STRANGERS: readonly Dialogue[] = [
  alone('SASL: a stranger may ask for versions', async (connection) => [
    await connection.errorOf('ApiVersions', 2, {}),
    await connection.handshake('PLAIN'),
  ]),
  alone('SASL: once', async (connection) => [
    await connection.errorOf('ApiVersions', 2, {}),
    await connection.errorOf('ApiVersions', 2, {}),
  ]),
  alone('SASL: and for nothing else', async (connection) => [await connection.metadata()]),
  alone('SASL: nor show a token without a handshake', async (connection) => [
    await connection.authenticate('\0alice\0secret'),
  ]),
  alone('SASL: nor ask for anything between the two', async (connection) => [
    await connection.handshake('PLAIN'),
    await connection.metadata(),
  ]),
  alone('SASL: versions neither', async (connection) => [
    await connection.handshake('PLAIN'),
    await connection.errorOf('ApiVersions', 2, {}),
  ]),
  alone('SASL: a second handshake neither', async (connection) => [
    await connection.handshake('PLAIN'),
    await connection.handshake('PLAIN'),
  ]),
  alone('SASL: a mechanism that is not offered', async (connection) => [
    await connection.handshake('GSSAPI'),
    await connection.metadata(),
  ]),
]

const PLAIN: readonly Dialogue[] = [
  plain('PLAIN: the right password', '\0alice\0secret'),
  plain('PLAIN: a wrong password', '\0alice\0hunter2'),
  plain('PLAIN: somebody unknown', '\0carol\0secret'),
  plain('PLAIN: no user', '\0\0secret'),
  plain('PLAIN: no password', '\0alice\0'),
  plain('PLAIN: in the own name', 'alice\0alice\0secret'),
  plain("PLAIN: in somebody else's name", 'bob\0alice\0secret'),
  plain('PLAIN: too few parts', 'alice\0secret'),
  plain('PLAIN: too many parts', '\0alice\0secret\0more'),
]

const SCRAM: readonly Dialogue[] = [
  scram('SCRAM-SHA-256: the right password', ALICE),
  scram('SCRAM-SHA-512: the right password', ALICE, {}, 'SCRAM-SHA-512'),
  scram('SCRAM: a wrong password', { ...ALICE, password: 'hunter2' }),
  scram('SCRAM: somebody unknown', { ...ALICE, user: 'carol' }),
  scram('SCRAM: in the own name', ALICE, { header: 'n,a=alice,' }),
  scram("SCRAM: in somebody else's name", ALICE, { header: 'n,a=bob,' }),
  scram('SCRAM: another header at the end', ALICE, { binding: Buffer.from('n,a=alice,').toString('base64') }),
  scram('SCRAM: another nonce at the end', ALICE, { nonce: 'x' }),
  scram('SCRAM: a channel is bound', ALICE, { header: 'p=tls-unique,,' }),
  alone('SCRAM: no message at all', async (connection) => [
    await connection.handshake('SCRAM-SHA-256'),
    await connection.authenticate('hello'),
    await connection.metadata(),
  ]),
  told('SCRAM: a password is made, changed, and taken away', async (client, name) => {
    const salt = Buffer.from(`salt of ${name}`)
    const admin = await client.as('alice', USERS.alice)
    const seen: string[] = []
    for (const password of ['first', 'second', null]) {
      const made = { name, mechanism: 1, iterations: 8_192, salt }
      const saltedPassword = pbkdf2Sync(password ?? '', salt, 8_192, 32, 'sha256')
      const body =
        password === null
          ? { upsertions: [], deletions: [{ name, mechanism: 1 }] }
          : { upsertions: [{ ...made, saltedPassword }], deletions: [] }
      seen.push(await admin.errorOf('AlterUserScramCredentials', 0, body))
      await client.wait(HEARD_MS / 2)
      for (const tried of ['first', 'second'])
        seen.push(await client.connect().scram('SCRAM-SHA-256', { user: name, password: tried }))
    }
    return seen
  }),
]

/** KIP-368. */
const SESSIONS: readonly Dialogue[] = [
  alone('SASL: a session ends', async (connection, client) => {
    const seen = [await connection.plain('alice', USERS.alice), await connection.metadata()]
    await client.wait(REAUTHENTICATE_MS + 500)
    return [...seen, await connection.metadata()]
  }),
  alone('SASL: unless its user authenticates again', async (connection, client) => {
    const seen = [await connection.plain('alice', USERS.alice)]
    await client.wait(REAUTHENTICATE_MS / 2)
    seen.push(await connection.plain('alice', USERS.alice))
    await client.wait(REAUTHENTICATE_MS / 2 + 500)
    return [...seen, await connection.metadata()]
  }),
  alone('SASL: in time or late, if nothing else was asked for', async (connection, client) => {
    const seen = [await connection.plain('alice', USERS.alice)]
    await client.wait(REAUTHENTICATE_MS + 500)
    return [...seen, await connection.plain('alice', USERS.alice), await connection.metadata()]
  }),
  alone('SASL: not somebody else', async (connection) => [
    await connection.plain('alice', USERS.alice),
    await connection.plain('bob', USERS.bob),
    await connection.metadata(),
  ]),
  alone('SASL: nor with a wrong password', async (connection) => [
    await connection.plain('alice', USERS.alice),
    await connection.plain('alice', USERS.bob),
    await connection.metadata(),
  ]),
  alone('SASL: nor with another mechanism', async (connection) => [
    await connection.plain('alice', USERS.alice),
    await connection.handshake('SCRAM-SHA-256'),
    await connection.metadata(),
  ]),
  alone('SASL: what is asked meanwhile', async (connection) => [
    await connection.plain('alice', USERS.alice),
    await connection.handshake('PLAIN'),
    await connection.metadata(),
  ]),
]

const ACLS: readonly Dialogue[] = [
  told('ACLs are about those who have shown who they are', async (client, name) => {
    const admin = await client.as('alice', USERS.alice)
    const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
    await admin.ask('CreateTopics', 2, { topics, timeoutMs: 5_000 })
    const acl = {
      resourceType: 2,
      resourceName: name,
      resourcePatternType: 3,
      host: '*',
      operation: 3,
      permissionType: 3,
    }
    const seen: string[] = []
    const bob = await client.as('bob', USERS.bob)
    for (const principal of ['User:carol', 'User:bob']) {
      seen.push(await admin.errorOf('CreateAcls', 1, { creations: [{ ...acl, principal }] }))
      await client.wait(HEARD_MS / 2)
      seen.push(await bob.metadata(name))
    }
    return seen
  }),
  told('only an administrator makes users', async (client, name) => {
    const bob = await client.as('bob', USERS.bob)
    const upsertion = {
      name,
      mechanism: 1,
      iterations: 8_192,
      salt: Buffer.from('salt'),
      saltedPassword: Buffer.alloc(32),
    }
    return [await bob.errorOf('AlterUserScramCredentials', 0, { upsertions: [upsertion], deletions: [] })]
  }),
]

export const DIALOGUES: readonly Dialogue[] = [...STRANGERS, ...PLAIN, ...SCRAM, ...SESSIONS, ...ACLS]
