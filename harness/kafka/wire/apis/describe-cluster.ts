import type { ApiSchema } from '../schema.ts'

/**
 * DescribeCluster (60), versions 0 to 2, flexible from 0.
 * Brokers and controller. KIP-700.
 */
export const describeCluster = {
  name: 'DescribeCluster',
  key: 60,
  min: 0,
  max: 2,
  flexibleFrom: 0,
  request: `
    includeClusterAuthorizedOperations bool 0+
    endpointType int8 1+ =1
    includeFencedBrokers bool 2+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    errorMessage string 0+ null:0+ =null
    endpointType int8 1+ =1
    clusterId string 0+
    controllerId int32 0+ =-1
    brokers [] 0+
      brokerId int32 0+
      host string 0+
      port int32 0+
      rack string 0+ null:0+ =null
      isFenced bool 2+
    clusterAuthorizedOperations int32 0+ =-2147483648
  `,
} as const satisfies ApiSchema
