import type { AnswerBody, ApiName, RequestDraft } from '../../kafka/index.ts'
import { asException, isError, KafkaException, refused } from '../errors.ts'
import { Coordinator } from '../group/coordinator.ts'
import type { ConsumerGroupMetadata } from '../group/membership.interface.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork } from '../net/network.interface.ts'
import { type OffsetToCommit, topicsToCommit } from '../offsets/offset-to-commit.ts'
import { keyOf, type TopicPartition } from '../partition.ts'
import type { Patience } from '../patience.ts'
import type { ProducerSettings } from '../settings/producer-settings.ts'
import { Backoff, type Deadline } from '../time.ts'

export interface TransactionParts {
  readonly settings: ProducerSettings
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly patience: Patience
}

/** The producer and the number of a batch: by these a broker knows one that comes twice. */
export interface BatchIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** Errors after which a producer is of no use any more. */
const FATAL = ['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'] as const

/**
 * The identity of an idempotent producer, and its transactions: Kafka's TransactionManager, with
 * the first version of transactions (KIP-98, KIP-360, KIP-447).
 */
export class TransactionalIdentity {
  readonly #parts: TransactionParts
  readonly #coordinator: Coordinator | null
  readonly #groups: Map<string, Coordinator> = new Map()
  #producerId = -1n
  #producerEpoch = -1
  readonly #sequences: Map<string, number> = new Map()
  #state: 'new' | 'ready' | 'open' | 'failed' = 'new'
  #fatal: KafkaException | null = null
  /** Partitions that the coordinator knows to be in this transaction. */
  readonly #added: Set<string> = new Set()
  #groupsAdded = false
  /** A batch of this transaction has failed: nobody knows which sequence its partition awaits. */
  #sequencesLost = false

  constructor(parts: TransactionParts) {
    this.#parts = parts
    const key = parts.settings['transactional.id']
    this.#coordinator = key === null ? null : this.#coordinatorOf('transaction', key)
  }

  get #producer(): { readonly producerId: bigint; readonly producerEpoch: number } {
    return { producerId: this.#producerId, producerEpoch: this.#producerEpoch }
  }

  get transactionalId(): string | null {
    return this.#parts.settings['transactional.id']
  }

  /** Of the next batch of this partition; it keeps it however often it is sent. */
  next(at: TopicPartition, records: number): BatchIdentity {
    const baseSequence = this.#sequences.get(keyOf(at)) ?? 0
    this.#sequences.set(keyOf(at), baseSequence + records)
    return { ...this.#producer, baseSequence }
  }

  /** Asks for an id and an epoch; of a transactional id this fences the one before. */
  async initialise(deadline: Deadline): Promise<void> {
    const { settings } = this.#parts
    if (this.transactionalId === null && !settings['enable.idempotence']) return
    if (this.transactionalId === null && this.#producerId >= 0n) return
    const answer = await this.#asking('InitProducerId', deadline, {
      transactionalId: this.transactionalId,
      transactionTimeoutMs: this.transactionalId === null ? 2 ** 31 - 1 : settings['transaction.timeout.ms'],
      producerId: this.#producerId,
      producerEpoch: this.#producerEpoch,
    })
    this.#producerId = answer.producerId
    this.#producerEpoch = answer.producerEpoch
    this.#sequences.clear()
    this.#sequencesLost = false
    this.#state = 'ready'
  }

  begin(): void {
    this.#demandUsable()
    if (this.#state !== 'ready') throw illegal('beginTransaction', this.#state)
    this.#state = 'open'
    this.#added.clear()
    this.#groupsAdded = false
  }

  /** Before a record is sent. @throws KafkaException where it cannot be, in this state */
  demandOpen(): void {
    this.#demandUsable()
    if (this.transactionalId !== null && this.#state !== 'open') throw illegal('send', this.#state)
  }

  async addPartition(at: TopicPartition, deadline: Deadline): Promise<void> {
    if (this.transactionalId === null || this.#added.has(keyOf(at))) return
    const answer = await this.#asking('AddPartitionsToTxn', deadline, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.#producerId,
      v3AndBelowProducerEpoch: this.#producerEpoch,
      v3AndBelowTopics: [{ name: at.topic, partitions: [at.partition] }],
    })
    void answer
    this.#added.add(keyOf(at))
  }

  /** Offsets that are committed if and only if the transaction is. */
  async sendOffsets(
    offsets: readonly OffsetToCommit[],
    member: ConsumerGroupMetadata,
    deadline: Deadline,
  ): Promise<void> {
    this.demandOpen()
    const { groupId } = member
    const transactionalId = this.transactionalId ?? ''
    const producer = { transactionalId, ...this.#producer, groupId }
    await this.#asking('AddOffsetsToTxn', deadline, producer)
    this.#groupsAdded = true
    const group = this.#groups.get(groupId) ?? this.#coordinatorOf('group', groupId)
    this.#groups.set(groupId, group)
    await this.#asking(
      'TxnOffsetCommit',
      deadline,
      {
        ...producer,
        generationId: member.generationId,
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        topics: topicsToCommit(offsets),
      },
      group,
    )
  }

  async end(committed: boolean, deadline: Deadline): Promise<void> {
    if (this.#fatal !== null) throw this.#fatal
    if (this.#state !== 'open' && !(this.#state === 'failed' && !committed))
      throw illegal(committed ? 'commitTransaction' : 'abortTransaction', this.#state)
    // Nothing was added: the coordinator knows of no transaction.
    if (this.#added.size > 0 || this.#groupsAdded)
      await this.#asking('EndTxn', deadline, {
        transactionalId: this.transactionalId ?? '',
        ...this.#producer,
        committed,
      })
    // Where this takes too long, the transaction is still to be aborted.
    if (this.#sequencesLost) await this.initialise(deadline)
    this.#state = 'ready'
  }

  /**
   * A batch was not delivered. As in Java all sequences begin again, with the next epoch: at once,
   * or with a transaction when that has been aborted.
   */
  undelivered(error: KafkaException): void {
    this.failed(error)
    if (this.transactionalId !== null) this.#sequencesLost = true
    else if (this.#producerId >= 0n) {
      this.#producerEpoch += 1
      this.#sequences.clear()
    }
  }

  /** The transaction can only be aborted, or the producer is fenced. */
  failed(error: KafkaException): void {
    if (isFatal(error)) this.#fatal = error
    if (this.#state === 'open') this.#state = 'failed'
  }

  #demandUsable(): void {
    if (this.#fatal !== null) throw this.#fatal
    if (this.#state === 'failed')
      throw new KafkaException(
        'KafkaException',
        'Cannot execute transactional method because we are in an error state; call abortTransaction()',
      )
  }

  #coordinatorOf(of: 'group' | 'transaction', key: string): Coordinator {
    const { network, metadata, settings } = this.#parts
    return new Coordinator({
      network,
      metadata,
      of,
      key,
      retryBackoffMs: settings['retry.backoff.ms'],
      retryBackoffMaxMs: settings['retry.backoff.max.ms'],
      changed: () => {},
    })
  }

  async #asking<Api extends TransactionApi>(
    api: Api,
    deadline: Deadline,
    body: RequestDraft<Api>,
    coordinator: Coordinator | null = this.#coordinator,
  ): Promise<AnswerBody<Api>> {
    const { network, metadata, settings, patience } = this.#parts
    const backoff = new Backoff(settings['retry.backoff.ms'], settings['retry.backoff.max.ms'])
    for (;;) {
      if (coordinator?.broker === null) await patience.within(coordinator.find(), deadline, api)
      const broker = coordinator === null ? metadata.any() : coordinator.broker
      try {
        if (broker !== null) {
          const answer = await patience.within(network.send(broker, api, body), deadline, api)
          const code = errorOf(answer)
          if (isError(code, 'NONE')) return answer
          // As in Java: a former member cannot commit for the group.
          if (api === 'TxnOffsetCommit' && isError(code, 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'))
            throw new KafkaException(
              'CommitFailedException',
              `Transaction offset Commit failed due to consumer group metadata mismatch: ${refused(code, api).message}`,
            )
          throw refused(code, api)
        }
      } catch (error) {
        const failure = asException(error)
        if (!failure.retriable || deadline.passed) {
          this.failed(failure)
          throw failure
        }
        const moved = failure.error === 'NOT_COORDINATOR' || failure.error === 'COORDINATOR_NOT_AVAILABLE'
        if (failure.error === null || moved) coordinator?.forget(broker)
      }
      await patience.pause(backoff.failed(), deadline, api)
    }
  }
}

type TransactionApi = Extract<
  ApiName,
  'InitProducerId' | 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'TxnOffsetCommit' | 'EndTxn'
>

/** The first error of an answer, wherever it stands. */
function errorOf(answer: AnswerBody<TransactionApi>): number {
  const codes: number[] = []
  if ('errorCode' in answer) codes.push(answer.errorCode)
  if ('resultsByTopicV3AndBelow' in answer)
    for (const { resultsByPartition } of answer.resultsByTopicV3AndBelow)
      codes.push(...resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode))
  if ('topics' in answer)
    for (const { partitions } of answer.topics) codes.push(...partitions.map(({ errorCode }) => errorCode))
  return codes.find((code) => !isError(code, 'NONE')) ?? 0
}

function isFatal({ error }: KafkaException): boolean {
  return error !== null && (FATAL as readonly string[]).includes(error)
}

function illegal(call: string, state: string): KafkaException {
  return new KafkaException(
    'IllegalStateException',
    `${call} is not possible: the producer is ${state === 'new' ? 'not initialised; call initTransactions()' : state}`,
  )
}
