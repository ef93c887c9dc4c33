import fc from 'fast-check'
import { entryAt } from '../../core/lists.ts'
import {
  APIS,
  type ApiName,
  allServed,
  type Body,
  encodeBatch,
  encodeRequest,
  isBody,
  parseFields,
} from '../../kafka/index.ts'
import { bodies } from '../../kafka/probe/index.ts'

/** One well-formed request, as it leaves a client: four bytes of length first. */
export interface Specimen {
  readonly api: ApiName
  readonly version: number
  readonly frame: Buffer
}

const PER_VERSION = 6

/**
 * Names that a broker of the fuzzed cluster knows, so that some requests get past the first check.
 */
const KNOWN = { topics: ['known', 'other'], groups: ['group'], members: ['', 'member'] } as const

/**
 * Every served request in every served version: bodies of any values, and some that name things
 * that exist.
 */
export function corpus(seed: number): Specimen[] {
  const specimens: Specimen[] = []
  for (const { api, min, max } of allServed()) {
    for (let version = min; version <= max; version += 1) {
      const drawn = fc.sample(bodies(parseFields(APIS[api].request), version), { numRuns: PER_VERSION, seed })
      drawn.forEach((body, index) => {
        const named = known(body, index)
        const sensible = index % 2 === 0 || !isBody(named) ? body : named
        specimens.push({ api, version, frame: encodeRequest(frameOf(api, version, sensible, index)) })
      })
    }
  }
  return specimens
}

function frameOf(
  api: ApiName,
  version: number,
  body: Body,
  correlationId: number,
): Parameters<typeof encodeRequest>[0] {
  return { api, version, correlationId, clientId: 'fuzz', body }
}

/**
 * The body with names that the cluster knows, partitions that exist, and batches that can be read.
 */
function known(value: unknown, index: number, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => known(each, index, name))
  if (Buffer.isBuffer(value)) return name === 'records' ? batch(index) : value
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, known(each, index, key)]))
  const pick = <T>(list: readonly T[]): T => entryAt(list, index % list.length)
  if (typeof value === 'string') {
    if (/group/i.test(name)) return pick(KNOWN.groups)
    if (/member/i.test(name)) return pick(KNOWN.members)
    return /name|topic|key/i.test(name) ? pick(KNOWN.topics) : value
  }
  if (typeof value === 'number' && /partition/i.test(name)) return index % 3
  if (typeof value === 'number' && /timeout/i.test(name)) return 10_000
  if (typeof value === 'bigint') return BigInt(index)
  return value
}

function batch(index: number): Buffer {
  const records = [{ timestamp: 1n, key: null, value: Buffer.from(`value ${index}`), headers: [] }]
  return encodeBatch({ baseOffset: 0n, leaderEpoch: 0, records })
}
