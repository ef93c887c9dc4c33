import { type AnswerBody, type ApiName, MOVING, type RequestDraft } from '../wire/index.ts'
import type { Call } from './call.ts'
import type { Line } from './line.ts'

/** The time that an answer may take, unless the caller gives it longer. */
const ANSWER_MS = 8_000

/** A connection, and a way to let time pass until it is answered. */
export interface Asker {
  readonly line: Line
  readonly waiter: Waiter
  /** Default: 8 s. */
  readonly answerMs?: number
}

/** Lets time pass, virtual or real. */
export interface Waiter {
  /** Waits for this long, or less where `until` holds before. */
  wait(ms: number, until?: () => boolean): Promise<void>
}

/** The absence of an answer: the broker closed the connection, or was silent for too long. */
export type Unanswered = { readonly failed: 'CLOSED' | 'NO_ANSWER' }

export type ProbeAnswer<Api extends ApiName> = AnswerBody<Api> | Unanswered

/** Sends a request and waits for its answer. */
export function ask<Api extends ApiName>(
  asker: Asker,
  api: Api,
  version: number,
  body: RequestDraft<Api>,
): Promise<ProbeAnswer<Api>> {
  return answerTo(asker, asker.line.call(api, version, body))
}

/** Waits for the answer to a request that is on its way. */
export async function answerTo<Api extends ApiName>(
  { line, waiter, answerMs = ANSWER_MS }: Asker,
  call: Call<Api>,
): Promise<ProbeAnswer<Api>> {
  await waiter.wait(answerMs, () => !call.pending || line.closed)
  return call.body ?? { failed: line.closed ? 'CLOSED' : 'NO_ANSWER' }
}

/** The answer. @throws Error where there is none */
export function answered<Body extends object>(answer: Body | Unanswered): Body {
  if ('failed' in answer) throw new Error(`there is no answer: ${answer.failed}`)
  return answer
}

/** Errors that say: not now. */
export const NOT_NOW: ReadonlySet<string> = new Set([...MOVING, 'CONCURRENT_TRANSACTIONS'])

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
