import { ERROR_CODES, type ErrorName } from './error-codes.ts'

/** The error of one entry in a request: Kafka's code, and the text that administrators read. */
export interface ApiError {
  readonly error: ErrorName
  readonly message: string | null
}

export const NO_ERROR: ApiError = { error: 'NONE', message: null }

/** @param message default: what Kafka says of the error where it knows nothing better */
export function apiError(error: ErrorName, message: string | null = MESSAGES[error] ?? null): ApiError {
  return { error, message }
}

/** The two fields of an answer that say it. */
export function errorFields({ error, message }: ApiError): {
  errorCode: number
  errorMessage: string | null
} {
  return { errorCode: ERROR_CODES[error], errorMessage: message }
}

/** Of Kafka's `Errors`, those that are answered without a text of their own. */
const MESSAGES: Readonly<Partial<Record<ErrorName, string>>> = {
  UNKNOWN_SERVER_ERROR: 'The server experienced an unexpected error when processing the request.',
  UNKNOWN_TOPIC_OR_PARTITION: 'This server does not host this topic-partition.',
  UNKNOWN_TOPIC_ID: 'This server does not host this topic ID.',
  INVALID_TOPIC_EXCEPTION: 'The request attempted to perform an operation on an invalid topic.',
  INVALID_REQUEST:
    'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.',
  TOPIC_DELETION_DISABLED: 'Topic deletion is disabled.',
  ELECTION_NOT_NEEDED: 'Leader election not needed for topic partition.',
  PREFERRED_LEADER_NOT_AVAILABLE: 'The preferred leader was not available.',
  ELIGIBLE_LEADERS_NOT_AVAILABLE: 'Eligible topic partition leaders are not available.',
  NO_REASSIGNMENT_IN_PROGRESS: 'No partition reassignment is in progress.',
  GROUP_ID_NOT_FOUND: 'The group id does not exist.',
}
