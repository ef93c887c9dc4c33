import { SCRAM_CODES } from '../access/scram.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly users: readonly { readonly name: string }[] | null
}

/** DescribeUserScramCredentials (50), version 0 (KIP-554): of those who are named, or of all. */
export const describeUserScramCredentials: Served = {
  key: 50,
  min: 0,
  max: 0,
  handler: answerNow<Request>(
    ({ cluster, body }) => {
      const asked = (body.users ?? []).map(({ name }) => name)
      const users = asked.length === 0 ? cluster.users.withScram() : [...new Set(asked)]
      const results = users.map((user) => {
        const twice = asked.filter((name) => name === user).length > 1
        return twice
          ? refusal(user, 'DUPLICATE_RESOURCE', 'Cannot describe SCRAM credentials for the same user twice')
          : describe(cluster, user)
      })
      return { errorCode: 0, errorMessage: null, results }
    },
    (_context, errorCode) => ({ errorCode, errorMessage: null, results: [] }),
  ),
}

function describe({ users }: RequestContext['cluster'], user: string): Body {
  const credentialInfos = Object.entries(SCRAM_CODES).flatMap(([name, mechanism]) => {
    const credential = users.credential(name as keyof typeof SCRAM_CODES, user)
    return credential === null ? [] : [{ mechanism, iterations: credential.iterations }]
  })
  if (credentialInfos.length > 0) return { user, errorCode: 0, errorMessage: null, credentialInfos }
  const why = 'Attempt to describe a user credential that does not exist'
  return refusal(user, 'RESOURCE_NOT_FOUND', why)
}

function refusal(user: string, error: string, why: string): Body {
  return { user, errorCode: code(error), errorMessage: `${why}: ${user}`, credentialInfos: [] }
}
