import type { TopicConfigs } from '../log/topic-configs.ts'
import type { Partition, Topic } from './topic.interface.ts'

export interface NewTopic {
  readonly name: string
  readonly isInternal: boolean
  readonly configs: TopicConfigs
  readonly partitions: Partition[]
  readonly newId: () => string
}

export function newTopic(options: NewTopic): Topic {
  return new TopicInTable(options)
}

class TopicInTable implements Topic {
  readonly name: string
  readonly isInternal: boolean
  readonly configs: TopicConfigs
  readonly partitions: Partition[]
  readonly onConfigs: (() => void)[] = []
  readonly #newId: () => string
  #id: string | null = null

  constructor({ name, isInternal, configs, partitions, newId }: NewTopic) {
    this.name = name
    this.isInternal = isInternal
    this.configs = configs
    this.partitions = partitions
    this.#newId = newId
  }

  /** Drawn when somebody asks: most clients never do. */
  get id(): string {
    this.#id ??= this.#newId()
    return this.#id
  }
}
