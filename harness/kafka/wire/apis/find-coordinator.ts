import type { ApiSchema } from '../schema.ts'

/**
 * FindCoordinator (10), versions 0 to 6, flexible from 3.
 * Which broker coordinates a group or a transactional id. KIP-98, KIP-699.
 */
export const findCoordinator = {
  name: 'FindCoordinator',
  key: 10,
  min: 0,
  max: 6,
  flexibleFrom: 3,
  request: `
    key string 0-3
    keyType int8 1+ =0
    coordinatorKeys []string 4+
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 0-3
    errorMessage string 1-3 null:1-3
    nodeId int32 0-3
    host string 0-3
    port int32 0-3
    coordinators [] 4+
      key string 4+
      nodeId int32 4+
      host string 4+
      port int32 4+
      errorCode int16 4+
      errorMessage string 4+ null:4+
  `,
} as const satisfies ApiSchema
