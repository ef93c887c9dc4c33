import type { ApiSchema } from '../schema.ts'

/**
 * PushTelemetry (72), version 0, flexible from 0.
 * A client's metrics. KIP-714.
 */
export const pushTelemetry = {
  name: 'PushTelemetry',
  key: 72,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    clientInstanceId uuid 0+
    subscriptionId int32 0+
    terminating bool 0+
    compressionType int8 0+
    metrics bytes 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
  `,
} as const satisfies ApiSchema
