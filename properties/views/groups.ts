import { GroupSuccession } from '../../harness/core/group-succession.ts'
import type { EventOf, TopicPartition } from '../../harness/core/history.ts'
import { TopicPatterns } from '../../harness/core/topic-patterns.ts'
import type { Noting, View } from './observing.ts'

interface Subscribing {
  readonly process: string
  readonly group: string
}

/**
 * The groups that each process works for, and the topics that a group consumes. Effects carry no
 * group: a process that works for one group, as nearly all do, speaks for it; where it works for
 * several, see `OpenHandlers`.
 */
export class Groups implements View {
  readonly #ofProcess: Map<string, string[]> = new Map()
  readonly #topics: Map<string, Set<string>> = new Map()
  readonly #succession: GroupSuccession = new GroupSuccession()
  readonly #patterns: TopicPatterns = new TopicPatterns()

  readonly noting: Noting = {
    'consumer-started': (event) => {
      this.#join(event)
      this.#succession.observe(event)
      const { group, topics, patterns } = event
      const matched = patterns === undefined ? [] : this.#patterns.ask(group, patterns)
      for (const topic of [...topics, ...matched]) this.#consume(group, topic)
    },
    'consumer-stopped': (event) => this.#succession.stop(event),
    'topic-created': ({ topic }) => {
      for (const group of this.#patterns.appear(topic)) this.#consume(group, topic)
    },
    'member-joined': (event) => this.#join(event),
    assigned: (event) => this.#own(event),
    believes: (event) => this.#own(event),
    'handler-start': (event) => this.#deliver(event),
    'batch-start': (event) => this.#deliver(event),
    'offset-fetched': (event) => this.#deliver(event),
    commit: (event) => this.#deliver(event),
  }

  /** In the order in which the process first had to do with them. */
  of(process: string): readonly string[] {
    return this.#ofProcess.get(process) ?? []
  }

  consumes(group: string, topic: string): boolean {
    return this.#topics.get(group)?.has(topic) === true
  }

  /** Every group that consumes something, with its topics. */
  consuming(): Iterable<[string, ReadonlySet<string>]> {
    return this.#topics
  }

  /** Its processes have left it for good: they read the same topics in other groups. */
  isGivenUp(group: string): boolean {
    return this.#succession.isGivenUp(group)
  }

  #join({ process, group }: Subscribing): void {
    const known = this.#ofProcess.get(process)
    if (known === undefined) this.#ofProcess.set(process, [group])
    else if (!known.includes(group)) known.push(group)
  }

  #consume(group: string, topic: string): void {
    const known = this.#topics.get(group)
    if (known === undefined) this.#topics.set(group, new Set([topic]))
    else known.add(topic)
  }

  #own(event: EventOf<'assigned'> | EventOf<'believes'>): void {
    this.#join(event)
    for (const { topic } of event.partitions) this.#consume(event.group, topic)
  }

  #deliver(event: Subscribing & TopicPartition): void {
    this.#join(event)
    this.#consume(event.group, event.topic)
  }
}
