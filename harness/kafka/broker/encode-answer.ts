import { type ApiName, type Body, encodeResponse } from '../wire/index.ts'

const CORRELATION_ID_AT = 4

/** Frames of answers that never change, by version; the correlation id is written over. */
const constants: WeakMap<Body, Map<number, Buffer>> = new WeakMap()

/** Marks an answer that never changes and holds no error: it is encoded once for each version. */
export function constantAnswer(body: Body): Body {
  constants.set(body, new Map())
  return body
}

export function isConstantAnswer(body: Body): boolean {
  return constants.has(body)
}

export function encodeAnswer(api: ApiName, version: number, correlationId: number, body: Body): Buffer {
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
