import { answerNow, code, type Served } from './handler.ts'

interface Request {
  readonly topicNames: readonly string[]
}

/** DeleteTopics (20), versions 0 to 5. Committed offsets of the topic go with it (KAFKA.md O11). */
export const deleteTopics: Served = {
  key: 20,
  min: 0,
  max: 5,
  handler: answerNow<Request>(
    ({ cluster, body }) => ({
      responses: body.topicNames.map((name) => {
        const known = cluster.topics.get(name) !== undefined
        if (known) {
          cluster.topics.delete(name)
          cluster.coordinators.forgetTopic(name)
        }
        return { name, errorCode: code(known ? 'NONE' : 'UNKNOWN_TOPIC_OR_PARTITION'), errorMessage: null }
      }),
    }),
    ({ body }, errorCode) => ({
      responses: body.topicNames.map((name) => ({ name, errorCode, errorMessage: null })),
    }),
  ),
}
