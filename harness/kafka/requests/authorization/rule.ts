import { CLUSTER_NAME, type Operation, type ResourceType } from '../../access/acl.ts'
import type { AnswerDraft, ApiName, ElementOf, RequestBody } from '../../wire/index.ts'
import type { RequestContext } from '../handler.ts'

/** One client's permissions. */
export interface Access {
  may(operation: Operation, type: ResourceType, name: string): boolean
  maySome(operation: Operation, type: ResourceType): boolean
}

/** The error of what may not be done, or null. */
export type DenialError = string | null

/** How Kafka (KafkaApis, ControllerApis) judges one request; what has no rule is for everybody. */
export interface Rule<Api extends ApiName> {
  whole?(access: Access, context: RequestContext<Api>): DenialError
  /** An answer in place of all that the handler would do, or null. */
  instead?(access: Access, context: RequestContext<Api>): AnswerDraft<Api> | null
  readonly parts?: (context: RequestContext<Api>) => JudgedParts<Api> | null
  /** Takes out of the answer, or marks, the things that the client may not see. */
  show?(access: Access, answer: AnswerDraft<Api>, context: RequestContext<Api>): AnswerDraft<Api>
}

/** A list of a request that is judged entry by entry, and where the answer has it. */
export type JudgedParts<Api extends ApiName> = {
  readonly [Asked in keyof RequestBody<Api>]: {
    readonly asked: Asked
    readonly answered: keyof AnswerDraft<Api>
    judge(
      access: Access,
      entry: ElementOf<RequestBody<Api>[Asked]>,
      context: RequestContext<Api>,
    ): DenialError
    /**
     * The handler runs even if no permitted entry is left: the answer says more than its entries.
     */
    readonly evenNothing?: boolean
  }
}[keyof RequestBody<Api>]

/** Rules by request. */
export type Rules = { readonly [Api in ApiName]?: Rule<Api> }

export const REFUSED = {
  Topic: 'TOPIC_AUTHORIZATION_FAILED',
  Group: 'GROUP_AUTHORIZATION_FAILED',
  Cluster: 'CLUSTER_AUTHORIZATION_FAILED',
  TransactionalId: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
} as const
export type Refusable = keyof typeof REFUSED

export function judged(access: Access, operation: Operation, type: Refusable, name: string): DenialError {
  return access.may(operation, type, name) ? null : REFUSED[type]
}

export const onCluster =
  (operation: Operation) =>
  (access: Access): DenialError =>
    judged(access, operation, 'Cluster', CLUSTER_NAME)

export const onGroup =
  (operation: Operation) =>
  (access: Access, { body }: { readonly body: { readonly groupId: string } }): DenialError =>
    judged(access, operation, 'Group', body.groupId)

/** Transactional requests need their id. */
export function transactional(
  access: Access,
  { body }: { readonly body: { readonly transactionalId: string | null } },
): DenialError {
  const id = body.transactionalId
  return id === null ? null : judged(access, 'Write', 'TransactionalId', id)
}
