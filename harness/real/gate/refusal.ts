import {
  type AnswerBody,
  type Body,
  type DecodedRequest,
  ERROR_CODES,
  type ErrorName,
  handlerOf,
} from '../../kafka/index.ts'

/**
 * The answer that says this error in every place where it has one, as the simulated brokers give
 * it.
 * @param known the real answer, where the refusal is made from it: that of Metadata
 */
export function refusalOf(
  { api, version, body }: DecodedRequest,
  error: ErrorName,
  known: AnswerBody<'Metadata'> | null,
): Body {
  const errorCode = ERROR_CODES[error]
  if (known !== null)
    return { ...known, topics: known.topics.map((topic) => ({ ...topic, errorCode, partitions: [] })) }
  const handler = handlerOf(api, version)
  if (handler === undefined) return { errorCode }
  // A refusal is made from the request alone.
  const context = { version, body } as Parameters<typeof handler>[0]
  return handler(context).refuse(error) as Body
}
