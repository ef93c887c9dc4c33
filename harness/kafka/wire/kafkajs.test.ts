import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DistinctBodies, leaves } from '../probe/bodies.ts'
import {
  APIS,
  decodeRequest,
  ERROR_CODES,
  type ErrorName,
  encodeRequest,
  encodeResponse,
  errorName,
} from './index.ts'
import { type Field, parseFields } from './schema.ts'
import { KAFKAJS_REQUESTS } from './testing/kafkajs-requests.ts'

const require = createRequire(import.meta.url)
const protocol = path.join(path.dirname(require.resolve('kafkajs/package.json')), 'src/protocol')

interface Request {
  readonly apiKey: number
  readonly apiVersion: number
  encode(): Promise<{ readonly buffer: Buffer }>
}

interface Response {
  decode(answer: Buffer): Promise<unknown>
}

type LibraryProtocol = (input: unknown) => { readonly request: Request; readonly response: Response }

const createRequest = require(path.join(protocol, 'request.js')) as (options: {
  readonly request: Request
  readonly correlationId: number
  readonly clientId: string
}) => Promise<{ readonly buffer: Buffer }>

/** Every version of every request that kafkajs has. */
const known = (Object.keys(KAFKAJS_REQUESTS) as (keyof typeof KAFKAJS_REQUESTS)[]).flatMap((api) => {
  const folder = `${api.charAt(0).toLowerCase()}${api.slice(1)}`
  const { versions, protocol: choose } = require(path.join(protocol, 'requests', folder, 'index.js')) as {
    readonly versions: readonly string[]
    readonly protocol: (options: { version: string }) => LibraryProtocol
  }
  return versions.map((version) => ({ api, version: Number(version), make: choose({ version }) }))
})

/** The last version of each request that kafkajs has. */
const LAST_VERSIONS = new Map<string, number>(known.map(({ api, version }) => [api, version]))

it('every request of kafkajs is known', () => {
  const folders = readdirSync(path.join(protocol, 'requests')).filter((name) => !name.endsWith('.js'))
  expect(Object.keys(KAFKAJS_REQUESTS).map((name) => name.toLowerCase())).toEqual(
    folders.map((name) => name.toLowerCase()),
  )
})

describe('what kafkajs asks', () => {
  it.each(known)('$api $version: is understood, and written again byte for byte', async (each) => {
    const { api, version, make } = each
    const { input, body } = KAFKAJS_REQUESTS[api]
    const { buffer } = await createRequest({ request: make(input).request, correlationId: 9, clientId: 'c' })
    const decoded = decodeRequest(buffer.subarray(4))
    expect(decoded).toMatchObject({ api, version, correlationId: 9, clientId: 'c' })
    expect(encodeRequest(decoded).toString('hex')).toBe(buffer.toString('hex'))
    if (version === LAST_VERSIONS.get(api)) expect(decoded.body).toMatchObject(body)
  })
})

describe('what kafkajs reads in an answer', () => {
  it.each(known)('$api $version: every value of ours', async ({ api, version, make }) => {
    const fields = parseFields(APIS[api].response)
    const body = new DistinctBodies().body(fields, version, bytesOf)
    const frame = encodeResponse(api, version, 9, body)
    const { response } = make(KAFKAJS_REQUESTS[api].input)
    const theirs = new Set(leaves(await response.decode(frame.subarray(8))))
    const missing = leaves(body, CHANGED_BY_KAFKAJS.get(api)).filter((value) => !theirs.has(value))
    expect(missing).toEqual([])
  })
})

/** Fields that kafkajs drops, or gives to its callers in another form. */
const CHANGED_BY_KAFKAJS: ReadonlyMap<string, string> = new Map([
  ['AlterPartitionReassignments', 'errorMessage'],
  ['ListPartitionReassignments', 'errorMessage'],
  ['SaslAuthenticate', 'authBytes'],
  ['Fetch', 'records'],
])

function bytesOf(field: Field, text: string): Buffer {
  return field.type === 'records' ? Buffer.alloc(0) : Buffer.from(text)
}

/** Old names that kafkajs keeps. */
const RENAMED: Readonly<Record<string, ErrorName>> = {
  UNKNOWN: 'UNKNOWN_SERVER_ERROR',
  NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER',
  GROUP_LOAD_IN_PROGRESS: 'COORDINATOR_LOAD_IN_PROGRESS',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  NOT_COORDINATOR_FOR_GROUP: 'NOT_COORDINATOR',
}

describe('the errors of kafkajs', () => {
  it('have our codes', () => {
    const { errorCodes } = require(path.join(protocol, 'error.js')) as {
      readonly errorCodes: readonly { readonly type: string; readonly code: number }[]
    }
    const theirs = errorCodes.map(({ type, code }) => [RENAMED[type] ?? type, code])
    expect(theirs.length).toBeGreaterThan(80)
    expect(Object.fromEntries(theirs)).toEqual(
      Object.fromEntries(theirs.map(([, code]) => [errorName(Number(code)), code])),
    )
  })

  it('a code from the future is an unknown server error', () => {
    expect(errorName(9_999)).toBe('UNKNOWN_SERVER_ERROR')
    expect(ERROR_CODES[errorName(110)]).toBe(110)
  })
})
