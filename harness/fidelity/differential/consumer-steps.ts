/**
 * Steps of members of the consumer protocol (KIP-848), in a group of their own, or in scripts about
 * migration in that of the classic members.
 */
export type ConsumerStep =
  | {
      readonly do: 'subscribe'
      readonly consumer: number
      readonly instance: number | null
      readonly assignor: 'uniform' | 'range' | 'sticky' | null
      readonly to: 'topic' | 'missing' | 'nothing' | 'pattern' | 'broken pattern'
      readonly version: number
    }
  | {
      readonly do: 'report'
      readonly consumer: number
      readonly epoch: 'own' | 'older' | 'newer'
      /**
       * The partitions that it claims to own: nothing about it, those of its assignment, all, or
       * none.
       */
      readonly owned: 'silent' | 'told' | 'all' | 'none'
      readonly full: boolean
      readonly version: number
    }
  | {
      readonly do: 'unsubscribe'
      readonly consumer: number
      readonly away: boolean
      readonly version: number
    }
  | {
      readonly do: 'consumer-commit'
      readonly consumer: number | null
      readonly epoch: 'own' | 'older' | 'newer'
      readonly version: number
    }
  | { readonly do: 'consumer-offsets'; readonly consumer: number | null; readonly epoch: 'own' | 'older' }
  | { readonly do: 'describe-consumers'; readonly version: number }
