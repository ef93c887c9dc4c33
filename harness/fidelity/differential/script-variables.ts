import { type ApiName, encodeBatch, type RequestDraft } from '../../kafka/index.ts'
import type { LogSteps } from './logs.ts'
import type { ScriptMembers } from './members.ts'
import { NO_PRODUCER } from './producer.ts'
import type { Scripted } from './script.ts'
import type { ScriptRun } from './script-run.ts'
import type { TransactionSteps } from './transactions.ts'

const BIG_BYTES = 20_000

/** The things that a script has met so far. */
export interface Met {
  readonly run: ScriptRun
  readonly logs: LogSteps
  readonly members: ScriptMembers
  readonly transactions: TransactionSteps
}

/**
 * The values of variables in scripts; those of several things end with the number of one, and
 * `$f0+1` is the epoch behind `$f0`.
 */
const VARIABLES: Readonly<Record<string, (met: Met, number: number, shift: number) => unknown>> = {
  $topic: ({ run }) => run.topic,
  $other: ({ run }) => `${run.topic}-other`,
  $uuid: ({ run }) => run.topicId,
  $group: ({ run }) => run.group,
  $client: ({ run }) => run.clientId,
  $m: ({ members }, number) => members.find(number)?.id ?? '',
  $g: ({ members }, number) => members.find(number)?.generation ?? -1,
  $p: ({ logs }, number) => (logs.producers.get(number) ?? NO_PRODUCER).id,
  $e: ({ logs }, number) => (logs.producers.get(number) ?? NO_PRODUCER).epoch,
  $t: ({ transactions }, number) => (transactions.producers.get(number) ?? NO_PRODUCER).id,
  $f: ({ transactions }, number, shift) => (transactions.producers.get(number) ?? NO_PRODUCER).epoch + shift,
  $id: ({ transactions }, number) => transactions.idOf(number),
  $batch: ({ run }) => batchOf(run, Buffer.from('v')),
  '$big-batch': ({ run }) => batchOf(run, Buffer.alloc(BIG_BYTES)),
}

function batchOf({ startedMs }: ScriptRun, value: Buffer): Buffer {
  return encodeBatch({ records: [{ timestamp: startedMs, key: null, value, headers: [] }] })
}

/** The body with what its variables stand for. */
export function filled<Api extends ApiName>(met: Met, body: Scripted<RequestDraft<Api>>): RequestDraft<Api> {
  // A variable stands where the value that it stands for may stand.
  return withValues(met, body) as RequestDraft<Api>
}

function withValues(met: Met, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => withValues(met, each))
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withValues(met, each)]))
  if (typeof value !== 'string') return value
  const [, name = '', number = '0', shift = '0'] = /^(\$[a-z-]+)(\d*)([+-]\d+)?$/.exec(value) ?? []
  const variable = VARIABLES[name]
  return variable === undefined ? value : variable(met, Number(number), Number(shift))
}
