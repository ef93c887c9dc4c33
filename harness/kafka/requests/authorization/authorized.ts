import type { Asking, Authorizer } from '../../access/authorizer.ts'
import { principalOf } from '../../access/principal.ts'
import type { ApiName, Body } from '../../wire/index.ts'
import type { HandledRequest, Handler, RequestContext } from '../handler.ts'
import { type Access, type Parts, type Rule, SIMPLE_RULES } from './rules.ts'
import { TOPIC_RULES } from './topic-rules.ts'

const RULES: Readonly<Partial<Record<ApiName, Rule>>> = { ...SIMPLE_RULES, ...TOPIC_RULES }

export function askingOf({ peer, authenticator }: Pick<RequestContext, 'peer' | 'authenticator'>): Asking {
  return { principal: `User:${principalOf(authenticator)}`, host: peer.process }
}

export function accessOf(authorizer: Authorizer, asking: Asking): Access {
  return {
    may: (operation, type, name) => authorizer.allows(asking, operation, type, name),
    maySome: (operation, type) => authorizer.allowsSome(asking, operation, type),
  }
}

/**
 * A request as far as its client may do it: the handler gets what is left of it, and what may not be done is answered
 * with the handler's own refusal, in the same lists.
 */
export function authorized(
  { api, handler, authorizer }: { api: ApiName; handler: Handler; authorizer: Authorizer },
  context: RequestContext,
): HandledRequest {
  const rule = RULES[api]
  const all = handler(context)
  if (rule === undefined) return all
  const access = accessOf(authorizer, askingOf(context))
  return {
    ...all,
    apply: (answer) => {
      const whole = rule.whole?.(access, context) ?? null
      if (whole !== null) return answer(refused(all, whole))
      const shown = (body: Body): void => answer(rule.show?.(access, body, context) ?? body)
      const instead = rule.instead?.(access, context) ?? null
      if (instead !== null) return answer(instead)
      const parts = rule.parts?.(context) ?? null
      if (parts === null) return all.apply(shown)
      applyParts({ parts, access, handler }, context, shown)
    },
  }
}

function applyParts(
  { parts, access, handler }: { parts: Parts; access: Access; handler: Handler },
  context: RequestContext,
  answer: (body: Body) => void,
): void {
  const { asked, answered } = parts
  const entries = (context.body[asked] ?? []) as unknown[]
  const byVerdict = Map.groupBy(entries, (entry) => parts.judge(access, entry, context))
  const allowed = byVerdict.get(null) ?? []
  if (allowed.length === entries.length) return handler(context).apply(answer)
  // Before version 1 of Metadata nothing is everything.
  const version = parts.evenNothing === true ? Math.max(1, context.version) : context.version
  const of = (some: unknown[]): HandledRequest =>
    handler({ ...context, version, body: { ...context.body, [asked]: some } })
  const refusals = [...byVerdict].flatMap(([error, some]) =>
    error === null ? [] : [refused(of(some), error)],
  )
  const merged = (body: Body): Body => ({
    ...body,
    [answered]: [body, ...refusals].flatMap((each) => (each[answered] ?? []) as unknown[]),
  })
  if (allowed.length > 0 || parts.evenNothing === true) of(allowed).apply((body) => answer(merged(body)))
  else answer({ ...(refusals[0] ?? {}), [answered]: refusals.flatMap((each) => each[answered] as unknown[]) })
}

function refused(handled: HandledRequest, error: string): Body {
  return handled.refuse(error as Parameters<HandledRequest['refuse']>[0])
}
