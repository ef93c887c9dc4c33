import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

/**
 * SaslHandshake (17), version 1 (KIP-43, KIP-152): version 0 goes on with tokens that are no
 * requests, and is not served. Where users are demanded, a mechanism that is not offered closes the
 * connection after the answer.
 */
export const saslHandshake = served('SaslHandshake')({
  min: 1,
  max: 1,
  handler: (context) => ({
    apply: (answer) => begin(context, answer),
    refuse: (error) => answerOf(context, error),
  }),
})

function begin(
  context: RequestContext<'SaslHandshake'>,
  answer: (body: AnswerDraft<'SaslHandshake'>) => void,
): void {
  const { authenticator, cluster, body } = context
  if (authenticator?.begin(body.mechanism) === false) return answer(answerOf(context, 'ILLEGAL_SASL_STATE'))
  const offered = cluster.users.offers(body.mechanism) && authenticator?.failed !== true
  const result = answerOf(context, offered ? 'NONE' : 'UNSUPPORTED_SASL_MECHANISM')
  if (authenticator?.failed !== true) return answer(result)
  cluster.clock.after(cluster.settings['connection.failed.authentication.delay.ms'], () => answer(result))
}

function answerOf({ cluster }: RequestContext<'SaslHandshake'>, error: string): AnswerDraft<'SaslHandshake'> {
  const named = error === 'NONE' || error === 'UNSUPPORTED_SASL_MECHANISM'
  return { errorCode: code(error), mechanisms: named ? cluster.users.mechanisms : [] }
}
