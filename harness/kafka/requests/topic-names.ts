const LENGTH_MAX = 249

/**
 * Why a topic cannot be called so, as Kafka says it (org.apache.kafka.common.internals.Topic), or
 * null.
 */
export function topicNameProblem(name: string): string | null {
  const reason = reasonOf(name)
  return reason === null ? null : `Topic name is invalid: ${reason}`
}

export function isLegalTopicName(name: string): boolean {
  return reasonOf(name) === null
}

function reasonOf(name: string): string | null {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > LENGTH_MAX)
    return `the length of '${name}' is longer than the max allowed length ${LENGTH_MAX}`
  return /^[a-zA-Z0-9._-]+$/.test(name)
    ? null
    : `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
}
