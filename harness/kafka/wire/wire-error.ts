export type WireErrorReason =
  | 'malformed'
  | 'unknown-api'
  | 'unsupported-version'
  | 'unsupported-compression'
  | 'corrupt'

/** Bytes that are not what Kafka's protocol allows; never thrown for our own mistakes. */
export class WireError extends Error {
  readonly reason: WireErrorReason
  constructor(reason: WireErrorReason, message: string) {
    super(message)
    this.name = 'WireError'
    this.reason = reason
  }
}
