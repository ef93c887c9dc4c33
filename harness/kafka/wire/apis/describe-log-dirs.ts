import type { ApiSchema } from '../schema.ts'

/**
 * DescribeLogDirs (35), versions 0 to 4, flexible from 2.
 * Sizes of logs. KIP-113.
 */
export const describeLogDirs = {
  name: 'DescribeLogDirs',
  key: 35,
  min: 0,
  max: 4,
  flexibleFrom: 2,
  request: `
    topics [] 0+ null:0+
      topic string 0+
      partitions []int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 3+
    results [] 0+
      errorCode int16 0+
      logDir string 0+
      topics [] 0+
        name string 0+
        partitions [] 0+
          partitionIndex int32 0+
          partitionSize int64 0+
          offsetLag int64 0+
          isFutureKey bool 0+
      totalBytes int64 4+ =-1
      usableBytes int64 4+ =-1
  `,
} as const satisfies ApiSchema
