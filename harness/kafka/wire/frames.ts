import { SCHEMAS } from './apis/index.ts'
import type { BodyOf, DraftOf } from './body.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { compile, type ReadBody, reading, type WriteBody } from './codec.ts'
import type { ApiSchema } from './schema.ts'
import { WireError } from './wire-error.ts'

export type ApiName = keyof typeof SCHEMAS

/** The body of a decoded request. */
export type RequestBody<Api extends ApiName> = BodyOf<(typeof SCHEMAS)[Api]['request']>
/** The body of a decoded answer. */
export type AnswerBody<Api extends ApiName> = BodyOf<(typeof SCHEMAS)[Api]['response']>
/** The body of a request to be sent; absent fields have their defaults. */
export type RequestDraft<Api extends ApiName> = DraftOf<(typeof SCHEMAS)[Api]['request']>
/** The body of an answer to be sent; absent fields have their defaults. */
export type AnswerDraft<Api extends ApiName> = DraftOf<(typeof SCHEMAS)[Api]['response']>

export interface DecodedRequest<Api extends ApiName = ApiName> {
  readonly apiKey: number
  readonly api: Api
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: RequestBody<Api>
}

/** Every request with its key and the versions that the codec knows. */
export const APIS: Readonly<Record<ApiName, ApiSchema>> = SCHEMAS

const BY_KEY = new Map<number, ApiName>(
  Object.entries(SCHEMAS).map(([name, { key }]) => [key, name as ApiName]),
)

/** Kafka's name of this key, or undefined. */
export function apiName(key: number): ApiName | undefined {
  return BY_KEY.get(key)
}

interface ApiCodec {
  readonly flexible: boolean
  readonly request: { readonly read: ReadBody; readonly write: WriteBody }
  readonly response: { readonly read: ReadBody; readonly write: WriteBody }
}

const codecs = new Map<number, ApiCodec>()

function codecOf(api: ApiName, version: number): ApiCodec {
  const schema: ApiSchema = SCHEMAS[api]
  const id = schema.key * 1000 + version
  const known = codecs.get(id)
  if (known !== undefined) return known
  const flexible = schema.flexibleFrom !== null && version >= schema.flexibleFrom
  const made = {
    flexible,
    request: compile(schema.request, version, flexible),
    response: compile(schema.response, version, flexible),
  }
  codecs.set(id, made)
  return made
}

/** The fixed part of every request's header. @param frame without the size prefix */
export function readRequestHeader(frame: Buffer): { apiKey: number; version: number; correlationId: number } {
  if (frame.length < 8) throw new WireError('malformed', 'a request is shorter than its header')
  return { apiKey: frame.readInt16BE(0), version: frame.readInt16BE(2), correlationId: frame.readInt32BE(4) }
}

/**
 * @param frame a request without its size prefix
 * @throws WireError `malformed`, `unknown-api`, `unsupported-version`
 */
export function decodeRequest(frame: Buffer): DecodedRequest {
  const { apiKey, version, correlationId } = readRequestHeader(frame)
  const api = BY_KEY.get(apiKey)
  if (api === undefined) throw new WireError('unknown-api', `there is no request with the key ${apiKey}`)
  const { min, max } = SCHEMAS[api]
  if (version < min || version > max) {
    throw new WireError('unsupported-version', `${api} version ${version} is not between ${min} and ${max}`)
  }
  const codec = codecOf(api, version)
  return reading(() => {
    const reader = new ByteReader(frame, 8)
    const clientId = reader.text(reader.int16())
    if (codec.flexible) reader.skipTags()
    const body = codec.request.read(reader)
    // The reader is compiled from the text that the type is read from.
    return { apiKey, api, version, correlationId, clientId, body } as DecodedRequest
  })
}

const writer = new ByteWriter()

function frameOf(write: () => void): Buffer {
  writer.reset().int32(0)
  write()
  writer.buffer.writeInt32BE(writer.position - 4, 0)
  return writer.done()
}

/**
 * An answer with its size prefix. Fields that are missing get their defaults; those of other
 * versions are left out.
 */
export function encodeResponse<Api extends ApiName>(
  api: Api,
  version: number,
  correlationId: number,
  body: AnswerDraft<Api>,
): Buffer {
  const codec = codecOf(api, version)
  return frameOf(() => {
    writer.int32(correlationId)
    if (codec.flexible && api !== 'ApiVersions') writer.uvarint(0)
    codec.response.write(writer, body)
  })
}

export interface RequestToEncode<Api extends ApiName> {
  readonly api: Api
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: RequestDraft<Api>
}

/** A request with its size prefix. */
export function encodeRequest<Api extends ApiName>(request: RequestToEncode<Api>): Buffer {
  const { api, version, correlationId, clientId, body } = request
  const codec = codecOf(api, version)
  return frameOf(() => {
    writer.int16(SCHEMAS[api].key)
    writer.int16(version)
    writer.int32(correlationId)
    if (clientId === null) writer.int16(-1)
    else writer.string16(clientId)
    if (codec.flexible) writer.uvarint(0)
    codec.request.write(writer, body)
  })
}

/** @param frame an answer without its size prefix */
export function decodeResponse<Api extends ApiName>(
  api: Api,
  version: number,
  frame: Buffer,
): { correlationId: number; body: AnswerBody<Api> } {
  const codec = codecOf(api, version)
  return reading(() => {
    const reader = new ByteReader(frame)
    const correlationId = reader.int32()
    if (codec.flexible && api !== 'ApiVersions') reader.skipTags()
    return { correlationId, body: codec.response.read(reader) as AnswerBody<Api> }
  })
}
