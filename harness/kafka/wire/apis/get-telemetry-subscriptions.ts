import type { ApiSchema } from '../schema.ts'

/**
 * GetTelemetrySubscriptions (71), version 0, flexible from 0.
 * Which metrics a client shall push. KIP-714.
 */
export const getTelemetrySubscriptions = {
  name: 'GetTelemetrySubscriptions',
  key: 71,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    clientInstanceId uuid 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    clientInstanceId uuid 0+
    subscriptionId int32 0+
    acceptedCompressionTypes []int8 0+
    pushIntervalMs int32 0+
    telemetryMaxBytes int32 0+
    deltaTemporality bool 0+
    requestedMetrics []string 0+
  `,
} as const satisfies ApiSchema
