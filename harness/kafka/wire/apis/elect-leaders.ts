import type { ApiSchema } from '../schema.ts'

/**
 * ElectLeaders (43), versions 0 to 2, flexible from 2.
 * Elects preferred or unclean leaders. KIP-460.
 */
export const electLeaders = {
  name: 'ElectLeaders',
  key: 43,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  request: `
    electionType int8 1+
    topicPartitions [] 0+ null:0+
      topic string 0+
      partitions []int32 0+
    timeoutMs int32 0+ =60000
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 1+
    replicaElectionResults [] 0+
      topic string 0+
      partitionResult [] 0+
        partitionId int32 0+
        errorCode int16 0+
        errorMessage string 0+ null:0+
  `,
} as const satisfies ApiSchema
