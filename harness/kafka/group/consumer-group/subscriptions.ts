import type { GroupHost, TopicDirectory } from '../group-host.interface.ts'
import { type ConsumerMember, sameNames } from './consumer-member.ts'
import type { Membership } from './membership.ts'

interface Gathered {
  readonly version: number
  readonly names: readonly string[]
  /** Subscribers by expression. */
  readonly regexes: ReadonlyMap<string, number>
}

/** Two resolutions are at least this far apart. */
const REGEX_REFRESH_MIN_MS = 10_000

/**
 * The topics that the members of a group subscribe to, by name or by regular expression.
 * Expressions are resolved apart from the heartbeat that brings them, and again when there are new
 * topics.
 */
export class Subscriptions {
  readonly #host: GroupHost
  readonly #membership: Membership
  /** Topic names by expression. */
  readonly #resolved: Map<string, ReadonlySet<string>> = new Map()
  #resolvedAtMs = Number.NEGATIVE_INFINITY
  #knownTopics = 0
  #resolving: { cancel(): void } | null = null
  #view: Gathered | null = null

  constructor(host: GroupHost, membership: Membership) {
    this.#host = host
    this.#membership = membership
  }

  get resolved(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#resolved
  }

  /** As records tell. */
  restore(resolved: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const regex of [...this.#resolved.keys()]) this.#match(regex, null)
    for (const [regex, topics] of resolved) this.#match(regex, topics)
  }

  #match(regex: string, topics: ReadonlySet<string> | null): void {
    this.#view = null
    if (topics === null) this.#resolved.delete(regex)
    else this.#resolved.set(regex, topics)
  }

  /** The subscriptions of all members together, gathered again when one changes. */
  #all(): Gathered {
    const version = this.#membership.subscriptionsVersion
    if (this.#view?.version === version) return this.#view
    const names = new Set<string>()
    const regexes = new Map<string, number>()
    for (const member of this.#membership.all()) {
      for (const name of this.topicsOf(member)) names.add(name)
      const { topicRegex } = member
      if (topicRegex !== '') regexes.set(topicRegex, (regexes.get(topicRegex) ?? 0) + 1)
    }
    this.#view = { version, names: [...names].sort(), regexes }
    return this.#view
  }

  cancel(): void {
    this.#resolving?.cancel()
    this.#resolving = null
  }

  /** INVALID_REGULAR_EXPRESSION where a new expression cannot be read, or null. */
  refusal(before: ConsumerMember, after: ConsumerMember): string | null {
    const { topicRegex } = after
    if (topicRegex === '' || topicRegex === before.topicRegex || this.#subscribers(topicRegex) > 0)
      return null
    return compile(topicRegex) === null ? 'INVALID_REGULAR_EXPRESSION' : null
  }

  /**
   * The member, which is not yet put, changes its expression, or just shows up.
   * @param changed called when expressions match other topics than before
   * @returns whether its new expression is already resolved, so that a new assignment is needed
   */
  update(before: ConsumerMember, after: ConsumerMember, changed: () => void): boolean {
    const { topicRegex } = after
    let refresh = false
    let known = false
    if (before.topicRegex !== topicRegex) {
      if (before.topicRegex !== '' && this.#subscribers(before.topicRegex) === 1)
        this.#match(before.topicRegex, null)
      if (topicRegex !== '' && this.#subscribers(topicRegex) === 0) refresh = true
      else known = this.#resolved.has(topicRegex)
    }
    this.#refresh(after, refresh, changed)
    return known
  }

  #subscribers(regex: string): number {
    return this.#all().regexes.get(regex) ?? 0
  }

  #refresh(after: ConsumerMember, asked: boolean, changed: () => void): void {
    const { regexes } = this.#all()
    if ((regexes.size === 0 && after.topicRegex === '') || this.#resolving !== null) return
    const nowMs = this.#host.clock.nowMs()
    if (nowMs <= this.#resolvedAtMs + REGEX_REFRESH_MIN_MS) return
    const wanted = new Set(after.topicRegex === '' ? [] : [after.topicRegex])
    for (const { memberId, topicRegex } of this.#membership.all())
      if (topicRegex !== '' && memberId !== after.memberId) wanted.add(topicRegex)
    const due =
      asked ||
      wanted.size !== this.#resolved.size ||
      this.#host.topics.list().length !== this.#knownTopics ||
      nowMs > this.#resolvedAtMs + this.#host.settings['group.consumer.regex.refresh.interval.ms']
    if (!due) return
    this.#resolving = this.#host.clock.after(0, () => {
      this.#resolving = null
      if (this.#resolve(wanted)) changed()
    })
  }

  #resolve(wanted: ReadonlySet<string>): boolean {
    const names = this.#host.topics.list().map(({ name }) => name)
    this.#resolvedAtMs = this.#host.clock.nowMs()
    this.#knownTopics = names.length
    let changed = false
    for (const regex of wanted) {
      if (this.#subscribers(regex) === 0) continue
      const matcher = compile(regex)
      const topics = new Set(matcher === null ? [] : names.filter((name) => matcher.test(name)))
      if (!sameNames(this.#resolved.get(regex) ?? new Set(), topics)) changed = true
      this.#match(regex, topics)
    }
    return changed
  }

  forget(leavers: readonly ConsumerMember[]): void {
    for (const { topicRegex } of leavers)
      if (topicRegex !== '' && this.#subscribers(topicRegex) === 0) this.#match(topicRegex, null)
  }

  topicsOf({ topicNames, topicRegex }: ConsumerMember): ReadonlySet<string> {
    const matched = this.#resolved.get(topicRegex)
    return matched === undefined ? topicNames : new Set([...topicNames, ...matched])
  }

  all(): ReadonlySet<string> {
    return new Set(this.#all().names)
  }

  /** The subscribed topics as they are now, as one text: another text means another assignment. */
  describe(): string {
    return describeTopics(this.#all().names, this.#host.topics)
  }

  /** Whether all members subscribe to the same topics in the same way, as far as Kafka looks. */
  get homogeneous(): boolean {
    const members = [...this.#membership.all()]
    const [first] = members
    if (first === undefined) return true
    return members.every(
      ({ topicNames, topicRegex }) =>
        topicRegex === first.topicRegex &&
        (topicRegex === '' ? sameNames(topicNames, first.topicNames) : topicNames.size === 0),
    )
  }
}

export function describeTopics(sortedNames: readonly string[], topics: TopicDirectory): string {
  return sortedNames
    .flatMap((name) => topics.get(name) ?? [])
    .map(({ name, id, partitions }) => `${name} ${id} ${partitions.length}`)
    .join('\n')
}

function compile(regex: string): RegExp | null {
  try {
    return new RegExp(`^(?:${regex})$`)
  } catch {
    return null
  }
}
