import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

const NOTHING = Buffer.alloc(0)

/**
 * SaslAuthenticate (36), versions 0 to 2 (KIP-152, KIP-368). Without `onceover.sasl.users` every
 * token is right. With them, a wrong one is answered SASL_AUTHENTICATION_FAILED after
 * `connection.failed.authentication.delay.ms`, and the connection closes.
 */
export const saslAuthenticate = served('SaslAuthenticate')({
  min: 0,
  max: 2,
  handler: (context) => ({
    apply: (answer) => authenticate(context, answer),
    refuse: (error) => answerOf(error),
  }),
})

function authenticate(
  { authenticator, cluster, body }: RequestContext<'SaslAuthenticate'>,
  answer: (body: AnswerDraft<'SaslAuthenticate'>) => void,
): void {
  if (authenticator === null) return answer(answerOf('NONE'))
  if (authenticator.authenticated) {
    const errorMessage = 'SaslAuthenticate request received after successful authentication'
    return answer({ ...answerOf('ILLEGAL_SASL_STATE'), errorMessage })
  }
  const step = authenticator.step(body.authBytes)
  if ('bytes' in step) {
    const sessionLifetimeMs = BigInt(authenticator.lifetimeMs)
    return answer({ ...answerOf('NONE'), authBytes: step.bytes, sessionLifetimeMs })
  }
  const refused = { ...answerOf('SASL_AUTHENTICATION_FAILED'), errorMessage: step.failure }
  cluster.clock.after(cluster.settings['connection.failed.authentication.delay.ms'], () => answer(refused))
}

function answerOf(error: string): AnswerDraft<'SaslAuthenticate'> {
  return { errorCode: code(error), errorMessage: null, authBytes: NOTHING, sessionLifetimeMs: 0n }
}
