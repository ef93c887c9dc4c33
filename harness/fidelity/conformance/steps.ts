import type { ApiName, RequestDraft } from '../../kafka/index.ts'
import type { Ask, Generation, Scripted, Step } from '../differential/script.ts'
import type { Named } from './table.ts'

/**
 * One row of a table of behaviours: what is done, step by step. What a client sees of it is the
 * behaviour.
 */
export interface Behaviour extends Named {
  readonly steps: readonly Step[]
  /** Releases that know of it; default: all. */
  readonly since?: '4.1'
}

export const on = (row: string, title: string, ...steps: (Step | readonly Step[])[]): Behaviour => ({
  row,
  title,
  steps: steps.flat(),
})

// --- groups

type As = 'self' | 'new' | 'unknown'
export const join = (
  member = 0,
  options: {
    readonly version?: number
    readonly as?: As
    readonly protocol?: 'range' | 'roundrobin'
    /** A static member's. */
    readonly instance?: number
    readonly patient?: true
  } = {},
): Step => ({ do: 'join', member, as: 'self', protocol: 'range', version: 5, ...options })
export const sync = (member = 0, version = 3, generation: Generation = 'own'): Step => ({
  do: 'sync',
  member,
  generation,
  version,
})
export const succession = (leader: number, ...others: readonly number[]): Step => ({
  do: 'succession',
  leader,
  others,
})
export const waitFor = (member = 0): Step => ({ do: 'await', member })
export const beat = (member = 0, generation: Generation = 'own', version = 3): Step => ({
  do: 'heartbeat',
  member,
  generation,
  version,
})
export const leave = (member = 0, version = 3): Step => ({ do: 'leave', member, version })
export const expel = (member = 0): Step => ({ do: 'leave', member, expelled: true, version: 3 })
export const commit = (
  member: number | null = 0,
  offset = 5,
  options: { readonly generation?: Generation; readonly version?: number } = {},
): Step => ({ do: 'commit', member, generation: 'own', partition: 0, offset, version: 7, ...options })
export const offsets = (version = 5, all = false): Step => ({ do: 'offsets', all, version })
export const group = (version = 4): Step => ({ do: 'describe-group', version })
export const sleep = (ms: number): Step => ({ do: 'sleep', ms })
export const restart: Step = { do: 'restart' }

/** One member alone in a stable generation. */
export const alone: readonly Step[] = [join(), sync()]
/** Two members in a stable generation; 0 leads. */
export const two: readonly Step[] = [
  join(),
  sync(),
  join(1),
  join(0),
  waitFor(1),
  sync(0),
  sync(1),
  waitFor(1),
]

/** Reads the group's records in `__consumer_offsets`. */
export const groupRecords: Step = { do: 'read-state', of: 'group' }
/** Reads the records in `__transaction_state` of the first transactional id. */
export const transactionRecords: Step = { do: 'read-state', of: 'transaction' }

// --- logs

export const produce = (count = 2, partition = 0, version = 7): Step => ({
  do: 'produce',
  partition,
  count,
  version,
})
export const fetch = (
  from: 'start' | 'end' | 'beyond' | 'below' | 'middle' = 'start',
  committed = false,
  version = 11,
): Step => ({ do: 'fetch', partition: 0, from, committed, version })
export const list = (at: 'earliest' | 'latest' | 'time' | 'never', committed = false, version = 5): Step => ({
  do: 'list-offsets',
  partition: 0,
  at,
  committed,
  version,
})
export const deleteRecords = (upTo: 'middle' | 'end' | 'beyond'): Step => ({
  do: 'delete-records',
  partition: 0,
  upTo,
})

// --- producers and transactions

export const producer = (version = 1): Step => ({ do: 'new-producer', producer: 0, version })
export const send = (
  sequence: 'next' | 'again' | 'gap' | 'first' | 'top' = 'next',
  count = 1,
  epoch: 'own' | 'older' = 'own',
): Step => ({ do: 'idempotent', producer: 0, partition: 0, count, sequence, epoch, version: 7 })
export const begin = (transaction = 0, version = 1): Step => ({ do: 'begin', transaction, version })
export const beginFor = (timeoutMs: number): Step => ({ do: 'begin', transaction: 0, timeoutMs, version: 1 })
export const add = (transaction = 0, partition = 0, version = 1): Step => ({
  do: 'add-partition',
  transaction,
  partition,
  version,
})
export const write = (transaction = 0, partition = 0, version = 7): Step => ({
  do: 'send',
  transaction,
  partition,
  count: 2,
  version,
})
export const addOffsets = (transaction = 0, version = 1): Step => ({
  do: 'add-offsets',
  transaction,
  version,
})
export const sendOffsets = (
  offset = 5,
  options: {
    readonly member?: number | null
    readonly version?: number
    readonly generation?: Generation
  } = {},
): Step => ({
  do: 'send-offsets',
  transaction: 0,
  member: null,
  generation: 'own',
  partition: 0,
  offset,
  version: 2,
  ...options,
})
export const end = (committed: boolean, transaction = 0, version = 1): Step => ({
  do: 'end',
  transaction,
  commit: committed,
  version,
})

// --- anything else

export const ask = <Api extends ApiName>(
  api: Api,
  version: number,
  body: Scripted<RequestDraft<Api>>,
  { show = [] }: { readonly show?: readonly string[] } = {},
): Step => ({ do: 'ask', api, version, body, show }) as Step
export const askAs = (member: number, asked: Ask): Step => ({ do: 'ask', ...asked, member })
export const pipeline = (...asks: readonly Ask[]): Step => ({ do: 'pipeline', asks })
export const bytes = (hex: string): Step => ({ do: 'bytes', hex })

/** A request's frame with nothing behind its header. */
export function header(apiKey: number, version: number, rest = ''): string {
  const body = Buffer.concat([
    Buffer.from([apiKey >> 8, apiKey & 255, version >> 8, version & 255, 0, 0, 0, 1, 0, 1, 0x61]),
    Buffer.from(rest, 'hex'),
  ])
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body]).toString('hex')
}
