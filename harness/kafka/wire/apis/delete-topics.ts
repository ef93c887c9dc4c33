import type { ApiSchema } from '../schema.ts'

/**
 * DeleteTopics (20), versions 0 to 6, flexible from 4.
 * Deletes topics, by id from version 6. KIP-516.
 */
export const deleteTopics = {
  name: 'DeleteTopics',
  key: 20,
  min: 0,
  max: 6,
  flexibleFrom: 4,
  request: `
    topics [] 6+
      name string 6+ null:6+ =null
      topicId uuid 6+
    topicNames []string 0-5
    timeoutMs int32 0+
  `,
  response: `
    throttleTimeMs int32 1+
    responses [] 0+
      name string 0+ null:6+
      topicId uuid 6+
      errorCode int16 0+
      errorMessage string 5+ null:5+ =null
  `,
} as const satisfies ApiSchema
