import { type ApiName, errorName } from '../../kafka/index.ts'
import { deepError, shownValues } from './answers.ts'
import type { Ask } from './script.ts'
import { type ScriptRun, SETTLE_MS } from './script-run.ts'
import { filled, type Met } from './script-variables.ts'

/** One request of any kind. */
export async function anyRequest<Api extends ApiName>(met: Met, asked: Ask<Api>): Promise<string> {
  const { api, version, body, show = [], member } = asked
  const on = member === undefined ? undefined : met.members.lineOf(member)
  const answer = await met.run.ask(api, version, filled(met, body), on)
  met.run.learn(answer)
  const shown = show.map((field) => `${field} ${shownValues(answer, field, met.run.ids)}`)
  return [deepError(answer), ...shown].join(', ')
}

/** Requests behind one another, without waiting for answers. */
export async function pipeline(met: Met, asks: readonly Ask[]): Promise<string> {
  const line = met.run.connect()
  const calls = asks.map(({ api, version, body }) => line.call(api, version, filled(met, body)))
  await met.run.target.wait(SETTLE_MS, () => calls.every(({ pending }) => !pending))
  const seen = calls.map(({ body }) => (body === null ? 'waits' : deepError(body))).join(', ')
  line.close()
  return seen
}

/** Bytes that need not be a request. */
export async function bytes(run: ScriptRun, data: Buffer): Promise<string> {
  const line = run.connect()
  const seen = line.raw(data)
  await run.target.wait(SETTLE_MS, () => line.closed || seen.received.length >= 10)
  const what = seen.received.length >= 10 ? `answers ${errorName(seen.received.readInt16BE(8))}` : null
  const closed = line.closed
  line.close()
  return what ?? (closed ? 'closed' : 'waits')
}
