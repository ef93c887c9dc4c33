import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly key: string
  readonly keyType: number
}

const GROUP = 0
const TRANSACTION = 1

/** FindCoordinator (10), versions 0 to 3: of a group, or of a transactional id. */
export const findCoordinator: Served = {
  key: 10,
  min: 0,
  max: 3,
  handler: answerNow<Request>(find, (_context, errorCode) => nobody(errorCode)),
}

function find({ cluster, body }: RequestContext<Request>): Body {
  const { key, keyType = GROUP } = body
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
