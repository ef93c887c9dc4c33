import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly key: string
  /** Version 1 on. */
  readonly keyType: number
  /** Version 4 on, in place of the one key. */
  readonly coordinatorKeys: readonly string[]
}

const GROUP = 0
const TRANSACTION = 1
const SEVERAL_FROM = 4

/**
 * FindCoordinator (10), versions 0 to 6: of a group, or of a transactional id; from version 4 on of several at once
 * (KIP-699). Version 6 is for share groups, which these brokers do not have.
 */
export const findCoordinator: Served = {
  key: 10,
  min: 0,
  max: 6,
  handler: answerNow<Request>(
    (context) => each(context, (key) => find(context, key)),
    (context, errorCode) => each(context, () => nobody(errorCode)),
  ),
}

function each({ body, version }: RequestContext<Request>, answer: (key: string) => Body): Body {
  if (version < SEVERAL_FROM) return answer(body.key)
  return { coordinators: body.coordinatorKeys.map((key) => ({ key, ...answer(key) })) }
}

function find({ cluster, body: { keyType = GROUP } }: RequestContext<Request>, key: string): Body {
  if (keyType !== GROUP && keyType !== TRANSACTION) return nobody(code('INVALID_REQUEST'))
  const { log } = keyType === GROUP ? cluster.coordinators : cluster.transactions
  if (!log.sought()) return nobody(code('COORDINATOR_NOT_AVAILABLE'))
  const id = keyType === GROUP ? cluster.coordinators.brokerOf(key) : cluster.transactions.brokerOf(key)
  const address = cluster.brokers.find((broker) => broker.id === id)
  if (address === undefined) return nobody(code('COORDINATOR_NOT_AVAILABLE'))
  return { errorCode: 0, errorMessage: null, nodeId: address.id, host: address.host, port: address.port }
}

function nobody(errorCode: number): Body {
  return { errorCode, errorMessage: null, nodeId: -1, host: '', port: -1 }
}
