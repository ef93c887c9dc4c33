import { type AnswerDraft, type ApiName, encodeResponse } from './index.ts'

const CORRELATION_ID_AT = 4

/** Frames of answers that never change, by version; the correlation id is written over. */
const constants: WeakMap<object, Map<number, Buffer>> = new WeakMap()

/** Marks an answer that never changes and holds no error: it is encoded once for each version. */
export function constantAnswer<Answer extends object>(body: Answer): Answer {
  constants.set(body, new Map())
  return body
}

export function isConstantAnswer(body: object): boolean {
  return constants.has(body)
}

export function encodeAnswer<Api extends ApiName>(
  api: Api,
  version: number,
  correlationId: number,
  body: AnswerDraft<Api>,
): Buffer {
  const frames = constants.get(body)
  if (frames === undefined) return encodeResponse(api, version, correlationId, body)
  let template = frames.get(version)
  if (template === undefined) {
    template = encodeResponse(api, version, 0, body)
    frames.set(version, template)
  }
  const frame = Buffer.from(template)
  frame.writeInt32BE(correlationId, CORRELATION_ID_AT)
  return frame
}
