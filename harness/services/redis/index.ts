import type { Service, ServiceConnection, ServiceRow, ServiceRun } from '../../core/service.ts'
import { createRedisReader, isCall } from './call-reader.ts'
import { globOf } from './commands/command.ts'
import { RedisDatabase } from './database.ts'
import { replyBytes } from './replies.ts'
import { commandParser } from './requests.ts'
import { errorOf, RedisSession } from './session.ts'

/** Time that the service takes for a command, in microseconds. */
const SERVICE_US = 50

/**
 * A Redis for a scenario's `services`: ioredis and node-redis connect to it, unmodified. Strings,
 * hashes, sets, lists, expiry in virtual time, and transactions with WATCH; a command that it does
 * not know ends the check, by name. As `effects: { from, query }` it takes `KEYS sent:*`, where the
 * part of the key under the first `*` is the identity, `SMEMBERS key`, `LRANGE key` and `HKEYS
 * key`, where each element is one.
 */
export function redis(): Service {
  let database = new RedisDatabase(() => 0)
  let run: ServiceRun | null = null
  return {
    port: 6379,
    errors: ['LOADING', 'OOM', 'READONLY'],
    reset(its) {
      run = its
      database = new RedisDatabase(() => Math.floor((its.epochUs + its.nowUs) / 1000))
    },
    accept(connection) {
      if (run !== null) accept(connection, run, database)
    },
    reader: createRedisReader,
    ask: (query) => rowsOf(database, query),
  }
}

function accept(connection: ServiceConnection, run: ServiceRun, database: RedisDatabase): void {
  const session = new RedisSession({
    database,
    unknown: (name) =>
      run.refuse(
        connection.client,
        `calls ${name}`,
        'this Redis has strings, hashes, sets, lists and transactions; stand in for it with a service of your own, or use one of its commands',
      ),
  })
  let open = true
  const onClose = (): void => {
    open = false
  }
  const onData = commandParser((command) => {
    // What was sent together with a command at which the connection broke is lost with it.
    if (!open) return
    const name = (command[0] ?? '').toUpperCase()
    const call = isCall(name) ? connection.arrived() : undefined
    if (call === null) return
    const before = database.changes
    const reply = call?.error == null ? session.run(command) : session.refuse(name, call.error)
    call?.done({ error: errorOf(reply), changed: database.changes !== before })
    connection.write(replyBytes(reply), SERVICE_US)
    if (name === 'QUIT') connection.end()
  })
  Object.assign(connection, { onData, onClose } satisfies Partial<ServiceConnection>)
}

/** @throws Error where the query is none of these */
function rowsOf(database: RedisDatabase, query: string): readonly ServiceRow[] {
  const [, command, key = ''] = /^(KEYS|SMEMBERS|LRANGE|HKEYS) (\S+)$/.exec(query) ?? []
  switch (command) {
    case 'KEYS':
      return counted(database.keys().flatMap((each) => globOf(bytesOf(key)).exec(each)?.[1] ?? []))
    case 'SMEMBERS':
      return counted([...database.set(bytesOf(key))])
    case 'LRANGE':
      return counted(database.list(bytesOf(key)))
    case 'HKEYS':
      return counted([...database.hash(bytesOf(key)).keys()])
    default:
      throw new Error(
        `'${query}' is none of Redis; write 'KEYS sent:*', 'SMEMBERS key', 'LRANGE key' or 'HKEYS key'`,
      )
  }
}

function counted(identities: readonly string[]): readonly ServiceRow[] {
  return [...Map.groupBy(identities, (identity) => identity)].map(([identity, same]) => ({
    identity: Buffer.from(identity, 'latin1').toString('utf8'),
    times: String(same.length),
  }))
}

/** A character for each byte, as keys are kept. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
