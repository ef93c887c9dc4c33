import { groupBeside, parseTopicInCluster } from './names.ts'

/** Topics that groups subscribe to by a pattern, whether the topics are there yet or not. */
export class TopicPatterns {
  readonly #topics: Set<string> = new Set()
  readonly #patterns: Map<string, Set<string>> = new Map()

  /** Notes what a group asks for. @returns the topics there that it asks for */
  ask(group: string, patterns: readonly string[]): readonly string[] {
    const known = this.#patterns.get(group) ?? new Set()
    for (const pattern of patterns) known.add(pattern)
    this.#patterns.set(group, known)
    return [...this.#topics].filter((topic) => matches(group, known, topic))
  }

  /** Notes a topic that is new. @returns the groups that ask for it */
  appear(topic: string): readonly string[] {
    this.#topics.add(topic)
    return [...this.#patterns].flatMap(([group, patterns]) =>
      matches(group, patterns, topic) ? [group] : [],
    )
  }
}

/** A group knows the topics of its own cluster only, and by the names that they have there. */
function matches(group: string, patterns: ReadonlySet<string>, topic: string): boolean {
  const { name } = parseTopicInCluster(topic)
  // Patterns match no internal topics: these are subscribed to by name only.
  if (name.startsWith('__') || groupBeside(group, topic) !== group) return false
  return [...patterns].some((pattern) => new RegExp(pattern).test(name))
}
