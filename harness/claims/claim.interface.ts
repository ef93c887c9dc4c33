import type { Fault } from '../core/fault.ts'
import type { PropertyName } from '../core/verdict.ts'
import type { FigureName } from './figures.ts'

/** A statement about Kafka consumers, put to the proof. */
export interface Claim {
  readonly id: string
  /** The statement in one sentence. */
  readonly claim: string
  readonly verdict: 'holds' | 'refuted' | 'holds if'
  /** Of `holds if` the condition, of the others the reason, in one sentence. */
  readonly because: string
  readonly evidence: readonly Evidence[]
}

/** One proof, for the claim or against it, on one client. */
export type Evidence = {
  readonly says: 'for' | 'against'
  readonly client: 'poll loop' | 'kafkajs' | '@platformatic/kafka'
  /** The service of the scenario in words. */
  readonly what: string
  /** The scenario, from the claim's folder. */
  readonly file: string
} & (
  | { readonly by: 'search' }
  | {
      readonly by: 'counterexample'
      readonly property: PropertyName
      /** The replay file, from the claim's folder. */
      readonly replay: string
    }
  | {
      /** One schedule, and the numbers that it gives. */
      readonly by: 'figures'
      readonly faults: readonly Fault[]
      readonly figures: Readonly<Partial<Record<FigureName, number>>>
    }
)

export type EvidenceBy<By extends Evidence['by']> = Extract<Evidence, { readonly by: By }>

/** A claim, and the folder below `scenarios/claims` where it lives. */
export interface HousedClaim {
  readonly folder: string
  readonly claim: Claim
}
