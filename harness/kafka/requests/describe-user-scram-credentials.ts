import { SCRAM_CODES } from '../access/scram.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { type ClientContext, code, servedAtOnce } from './handler.ts'

type DescribedUser = ElementOf<AnswerDraft<'DescribeUserScramCredentials'>['results']>

/** DescribeUserScramCredentials (50), version 0 (KIP-554): of the named users, or of all. */
export const describeUserScramCredentials = servedAtOnce('DescribeUserScramCredentials')({
  min: 0,
  max: 0,
  apply: ({ cluster, body }) => {
    const asked = (body.users ?? []).map(({ name }) => name)
    const users = asked.length === 0 ? cluster.users.withScram() : [...new Set(asked)]
    const results = users.map((user) => {
      const twice = asked.filter((name) => name === user).length > 1
      return twice
        ? refusal(
            user,
            'DUPLICATE_RESOURCE',
            'Cannot describe SCRAM credentials for the same user twice in a single request',
          )
        : describe(cluster, user)
    })
    // Kafka says nothing with the empty text.
    return { errorCode: 0, errorMessage: '', results }
  },
  refuse: (_context, errorCode) => ({ errorCode, errorMessage: null, results: [] }),
})

function describe({ users }: ClientContext['cluster'], user: string): DescribedUser {
  const credentialInfos = Object.entries(SCRAM_CODES).flatMap(([name, mechanism]) => {
    const credential = users.credential(name as keyof typeof SCRAM_CODES, user)
    return credential === null ? [] : [{ mechanism, iterations: credential.iterations }]
  })
  if (credentialInfos.length > 0) return { user, errorCode: 0, errorMessage: '', credentialInfos }
  const why = 'Attempt to describe a user credential that does not exist'
  return refusal(user, 'RESOURCE_NOT_FOUND', why)
}

function refusal(user: string, error: string, why: string): DescribedUser {
  return { user, errorCode: code(error), errorMessage: `${why}: ${user}`, credentialInfos: [] }
}
