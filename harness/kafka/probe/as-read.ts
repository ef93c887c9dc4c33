import {
  type AnswerBody,
  type AnswerDraft,
  type ApiName,
  type DecodedRequest,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type RequestDraft,
} from '../wire/index.ts'

const SIZE_BYTES = 4

/** A request as its broker reads it: absent fields of this version have their defaults. */
export function requestAsRead<Api extends ApiName>(
  api: Api,
  version: number,
  body: RequestDraft<Api>,
): DecodedRequest {
  const bytes = encodeRequest({ api, version, correlationId: 1, clientId: 'app', body })
  return decodeRequest(bytes.subarray(SIZE_BYTES))
}

/** An answer as its client reads it: absent fields of this version have their defaults. */
export function answerAsRead<Api extends ApiName>(
  api: Api,
  version: number,
  body: AnswerDraft<Api>,
): AnswerBody<Api> {
  const bytes = encodeResponse(api, version, 1, body)
  return decodeResponse(api, version, bytes.subarray(SIZE_BYTES)).body
}
