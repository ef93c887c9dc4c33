import type { AnswerBody, ApiName, RequestDraft } from '../wire/index.ts'
import type { Call } from './call.ts'
import type { Line } from './line.ts'

/** How long an answer is waited for. */
const ANSWER_MS = 8_000

/** Lets time pass, virtual or real. */
export interface Waiter {
  /** Waits for this long, or less where `until` holds before. */
  wait(ms: number, until?: () => boolean): Promise<void>
}

/** The absence of an answer: the broker closed the connection, or was silent for 8 s. */
export type Unanswered = { readonly failed: 'CLOSED' | 'NO_ANSWER' }

export type ProbeAnswer<Api extends ApiName> = AnswerBody<Api> | Unanswered

/** Sends a request and waits for its answer. */
export function ask<Api extends ApiName>(
  { line, waiter }: { readonly line: Line; readonly waiter: Waiter },
  api: Api,
  version: number,
  body: RequestDraft<Api>,
): Promise<ProbeAnswer<Api>> {
  return answerTo({ line, waiter }, line.call(api, version, body))
}

/** Waits for the answer to a request that is on its way. */
export async function answerTo<Api extends ApiName>(
  { line, waiter }: { readonly line: Line; readonly waiter: Waiter },
  call: Call<Api>,
): Promise<ProbeAnswer<Api>> {
  await waiter.wait(ANSWER_MS, () => !call.pending || line.closed)
  return call.body ?? { failed: line.closed ? 'CLOSED' : 'NO_ANSWER' }
}

/** The answer. @throws Error where there is none */
export function answered<Body extends object>(answer: Body | Unanswered): Body {
  if ('failed' in answer) throw new Error(`there is no answer: ${answer.failed}`)
  return answer
}

/** Errors that say: not now. */
export const NOT_NOW: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
])

/** Does it again while the answer is: not now. After `tries` any answer will do. */
export async function patiently<T>(
  waiter: Waiter,
  attempt: () => Promise<T>,
  options: { readonly isNotNow: (answer: T) => boolean; readonly pauseMs: number; readonly tries: number },
): Promise<T> {
  const { isNotNow, pauseMs, tries } = options
  for (let tried = 1; ; tried += 1) {
    const answer = await attempt()
    if (tried >= tries || !isNotNow(answer)) return answer
    await waiter.wait(pauseMs)
  }
}
