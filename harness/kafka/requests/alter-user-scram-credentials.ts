import {
  type ScramCredential,
  type ScramMechanism,
  scramMechanism,
  storedCredential,
} from '../access/scram.ts'
import type { Users } from '../access/users.ts'
import { code, servedAtOnce } from './handler.ts'

interface Credential {
  readonly name: string
  readonly mechanism: number
}

interface Upsertion extends Credential {
  readonly iterations: number
  readonly salt: Buffer
  readonly saltedPassword: Buffer
}

interface Refusal {
  readonly error: string
  readonly why: string
}

const ITERATIONS_MIN = 4_096
const ITERATIONS_MAX = 16_384

/**
 * AlterUserScramCredentials (51), version 0 (KIP-554): users are altered one by one; naming one
 * twice is refused. Open connections stay; new ones need the new password.
 */
export const alterUserScramCredentials = servedAtOnce('AlterUserScramCredentials')({
  min: 0,
  max: 0,
  apply: ({ cluster: { users }, body }) => {
    const all = [...body.deletions, ...body.upsertions]
    const results = [...Map.groupBy(all, ({ name }) => name)].map(([user, changes]) => {
      const refusal = alter(users, changes)
      return { user, errorCode: code(refusal?.error ?? 'NONE'), errorMessage: refusal?.why ?? null }
    })
    return { results }
  },
  refuse: ({ body }, errorCode) => ({
    results: [...new Set([...body.deletions, ...body.upsertions].map(({ name }) => name))].map((user) => ({
      user,
      errorCode,
      errorMessage: null,
    })),
  }),
})

const NOT_THERE: Refusal = {
  error: 'RESOURCE_NOT_FOUND',
  why: 'Attempt to delete a user credential that does not exist',
}
const TWICE: Refusal = {
  error: 'DUPLICATE_RESOURCE',
  why: 'A user credential cannot be altered twice in the same request',
}

/** An error in a user's first change takes precedence over there being a second one. */
function alter(users: Users, changes: readonly (Credential | Upsertion)[]): Refusal | null {
  const [change] = changes
  if (change === undefined) return null
  const mechanism = scramMechanism(change.mechanism)
  if (change.name === '') return { error: 'UNACCEPTABLE_CREDENTIAL', why: 'Username must not be empty' }
  if (mechanism === null) return { error: 'UNSUPPORTED_SASL_MECHANISM', why: 'Unknown SCRAM mechanism' }
  const known = users.credential(mechanism, change.name) !== null
  const wrong = 'salt' in change ? problemOf(change) : known ? null : NOT_THERE
  if (wrong !== null) return wrong
  if (changes.length > 1) return TWICE
  users.setCredential(mechanism, change.name, 'salt' in change ? credentialOf(mechanism, change) : null)
  return null
}

function problemOf({ iterations }: Upsertion): Refusal | null {
  if (iterations < ITERATIONS_MIN) return { error: 'UNACCEPTABLE_CREDENTIAL', why: 'Too few iterations' }
  return iterations > ITERATIONS_MAX ? { error: 'UNACCEPTABLE_CREDENTIAL', why: 'Too many iterations' } : null
}

function credentialOf(mechanism: ScramMechanism, upsertion: Upsertion): ScramCredential {
  // Decoded bytes are a view into the frame.
  const salt = Buffer.from(upsertion.salt)
  return storedCredential(mechanism, upsertion.saltedPassword, { salt, iterations: upsertion.iterations })
}
