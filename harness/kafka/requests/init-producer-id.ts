import { answerNow, code, type Served } from './handler.ts'

interface Request {
  readonly transactionalId: string | null
  readonly producerId: bigint
  readonly producerEpoch: number
}

/**
 * InitProducerId (22), versions 0 to 4, for idempotent producers: a new id with epoch 0. A transactional id is refused
 * until there is a transaction coordinator (FIDELITY.md).
 */
export const initProducerId: Served = {
  key: 22,
  min: 0,
  max: 4,
  handler: answerNow<Request>(
    ({ cluster, body }) =>
      body.transactionalId === null
        ? { errorCode: 0, producerId: cluster.newProducerId(), producerEpoch: 0 }
        : { errorCode: code('COORDINATOR_NOT_AVAILABLE'), producerId: -1n, producerEpoch: -1 },
    (_context, errorCode) => ({ errorCode, producerId: -1n, producerEpoch: -1 }),
  ),
}
