import {
  type ApiName,
  type Body,
  errorName,
  RELEASES,
  type Release,
  type RequestDraft,
} from '../../kafka/index.ts'
import { ask, type Line, NOT_NOW, patiently } from '../../kafka/probe/index.ts'
import { deepError } from '../differential/answers.ts'
import type { Target } from '../differential/target.ts'
import type { AdminRequest, PriorRequest } from './admin-request.ts'
import { filled, MADE, shown } from './names.ts'

/** By the name of the request, then by version: its whole answer, or `CLOSED` or `NO ANSWER`. */
export type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const ANSWER_MS = 30_000
const RETRY_MS = 50
const RETRIES = 400
const HEARD_LATER: ReadonlySet<ApiName> = new Set([
  'CreateAcls',
  'AlterClientQuotas',
  'AlterUserScramCredentials',
  'IncrementalAlterConfigs',
])
const HEARD_MS = 1_000

/** The versions of this request that a release serves. */
export function versionsOf({ api, from, to }: AdminRequest, release: Release): number[] {
  const served = RELEASES[release][api]
  if (served === undefined) return []
  const least = Math.max(served[0], from ?? 0)
  const greatest = Math.min(served[1], to ?? served[1])
  return Array.from({ length: Math.max(0, greatest - least + 1) }, (_, index) => least + index)
}

/** Asks a cluster of one broker all of these, each in every version that the release serves. */
export async function playRequests(
  requests: readonly AdminRequest[],
  release: Release,
  target: Target,
): Promise<Answers> {
  const asker = new AdminAsker(target)
  await asker.warmUp()
  const all: Record<string, Record<string, unknown>> = {}
  for (const [index, request] of requests.entries()) {
    const answers: Record<string, unknown> = {}
    all[request.name] = answers
    for (const version of versionsOf(request, release))
      answers[String(version)] = await asker.asked(request, version, `${MADE}${index}-${version}-`)
  }
  asker.close()
  return all
}

class AdminAsker {
  readonly #target: Target
  #line: Line

  constructor(target: Target) {
    this.#target = target
    this.#line = target.connect('asker')
  }

  /** The internal topics come with their first use. */
  async warmUp(): Promise<void> {
    for (const keyType of [0, 1])
      await this.#patiently('FindCoordinator', 1, { key: `${MADE}warm-up`, keyType })
  }

  close(): void {
    this.#line.close()
  }

  async asked(request: AdminRequest, version: number, own: string): Promise<unknown> {
    for (const before of request.before ?? []) {
      const error = await this.#before(before, own)
      if (error !== null) return error
    }
    const answer = await this.#ask(request.api, version, filled(request.body, own))
    return typeof answer === 'string' ? answer : shown(answer, own, request.unordered ?? [])
  }

  /** Null, or what went wrong. */
  async #before({ api, version, body }: PriorRequest, own: string): Promise<string | null> {
    const asked = filled(body, own)
    const answer = await this.#patiently(api, version, asked)
    const error = typeof answer === 'string' ? answer : errorOf(answer)
    if (error !== 'NONE') return `${api} ${version} before it: ${error}`
    if (api === 'CreateTopics') await this.#awaitTopics(asked)
    // The controller has it; a real broker hears of it later.
    else if (HEARD_LATER.has(api)) await this.#target.wait(HEARD_MS)
    return null
  }

  /** The broker knows them, and leads their first partitions. */
  async #awaitTopics({ topics: created }: RequestDraft<'CreateTopics'>): Promise<void> {
    const topics = (created ?? []).map(({ name = '' }) => ({
      name,
      partitions: [{ partitionIndex: 0, timestamp: -1n }],
    }))
    await this.#patiently('Metadata', 7, { topics, allowAutoTopicCreation: false })
    await this.#patiently('ListOffsets', 2, { replicaId: -1, isolationLevel: 0, topics })
  }

  #patiently(api: ApiName, version: number, body: Body): Promise<Body | string> {
    return patiently(this.#target, () => this.#ask(api, version, body), {
      isNotNow: (answer) => typeof answer !== 'string' && NOT_NOW.has(errorOf(answer)),
      pauseMs: RETRY_MS,
      tries: RETRIES,
    })
  }

  async #ask(api: ApiName, version: number, body: Body): Promise<Body | string> {
    const asker = { line: this.#line, waiter: this.#target, answerMs: ANSWER_MS }
    const answer = await ask(asker, api, version, body)
    if (!('failed' in answer)) return answer
    this.#line.close()
    this.#line = this.#target.connect('asker')
    return answer.failed === 'CLOSED' ? 'CLOSED' : 'NO ANSWER'
  }
}

/** The answer's own error, else the first one in it. */
function errorOf(answer: { readonly errorCode?: number; readonly partitionErrorCode?: number }): string {
  const { errorCode = 0, partitionErrorCode } = answer
  if (partitionErrorCode !== undefined) return errorName(partitionErrorCode)
  return errorCode === 0 ? deepError(answer) : errorName(errorCode)
}
