import type { Authorizer, Requester } from '../../access/authorizer.ts'
import { principalOf } from '../../access/principal.ts'
import type { AnswerDraft, ApiName, Body } from '../../wire/index.ts'
import type { ClientContext, HandledRequest, Handler, RequestContext } from '../handler.ts'
import type { Access, JudgedParts, Rule, Rules } from './rule.ts'
import { SIMPLE_RULES } from './rules.ts'
import { TOPIC_RULES } from './topic-rules.ts'

const RULES: Rules = { ...SIMPLE_RULES, ...TOPIC_RULES }

export function askingOf({ peer, authenticator }: Pick<ClientContext, 'peer' | 'authenticator'>): Requester {
  return { principal: `User:${principalOf(authenticator)}`, host: peer.process }
}

export function accessOf(authorizer: Authorizer, asking: Requester): Access {
  return {
    may: (operation, type, name) => authorizer.allows(asking, operation, type, name),
    maySome: (operation, type) => authorizer.allowsSome(asking, operation, type),
  }
}

/**
 * A request as far as its client may do it: the handler gets what is left of it, and what may not
 * be done is answered with the handler's own refusal, in the same lists.
 */
export function authorized<Api extends ApiName>(
  { api, handler, authorizer }: { api: Api; handler: Handler<Api>; authorizer: Authorizer },
  context: RequestContext<Api>,
): HandledRequest<Api> {
  const rule: Rule<Api> | undefined = RULES[api]
  const all = handler(context)
  if (rule === undefined) return all
  const access = accessOf(authorizer, askingOf(context))
  return {
    ...all,
    apply: (answer) => {
      const whole = rule.whole?.(access, context) ?? null
      if (whole !== null) return answer(refused(all, whole))
      const shown = (body: AnswerDraft<Api>): void => answer(rule.show?.(access, body, context) ?? body)
      const instead = rule.instead?.(access, context) ?? null
      if (instead !== null) return answer(instead)
      const parts = rule.parts?.(context) ?? null
      if (parts === null) return all.apply(shown)
      applyParts({ parts, access, handler }, context, shown)
    },
  }
}

function applyParts<Api extends ApiName>(
  { parts, access, handler }: { parts: JudgedParts<Api>; access: Access; handler: Handler<Api> },
  context: RequestContext<Api>,
  answer: (body: AnswerDraft<Api>) => void,
): void {
  const { asked, answered } = parts
  // Common code of all requests sees bodies without their types.
  const entries = listOf(context.body, asked)
  const byVerdict = Map.groupBy(entries, (entry) => parts.judge(access, entry as never, context))
  const allowed = byVerdict.get(null) ?? []
  if (allowed.length === entries.length) return handler(context).apply(answer)
  // Before version 1 of Metadata nothing is everything.
  const version = parts.evenNothing === true ? Math.max(1, context.version) : context.version
  const of = (some: readonly unknown[]): HandledRequest<Api> =>
    handler({ ...context, version, body: { ...context.body, [asked]: some } })
  const refusals = [...byVerdict].flatMap(([error, some]) =>
    error === null ? [] : [refused(of(some), error)],
  )
  const merged = (answers: readonly AnswerDraft<Api>[]): AnswerDraft<Api> =>
    Object.assign({}, answers[0], { [answered]: answers.flatMap((each) => listOf(each, answered)) })
  if (allowed.length > 0 || parts.evenNothing === true)
    of(allowed).apply((body) => answer(merged([body, ...refusals])))
  else answer(merged(refusals))
}

function listOf(body: Body, name: PropertyKey): readonly unknown[] {
  const list = body[String(name)]
  return Array.isArray(list) ? list : []
}

function refused<Api extends ApiName>(handled: HandledRequest<Api>, error: string): AnswerDraft<Api> {
  return handled.refuse(error as Parameters<HandledRequest<Api>['refuse']>[0])
}
