import { errorName } from '../../kafka/index.ts'
import type { RealCluster } from './cluster.ts'

const NOBODY_YET = -1
const TIMEOUT_MS = 60_000

/**
 * Takes an id of each broker, which has them in blocks: the app gets id 0, which only the first
 * producer of a cluster's life has, no more than on a simulated cluster or on one in use. A client
 * that says that it is producer 0 would be right by chance.
 */
export async function spendFirstProducerIds(cluster: RealCluster): Promise<void> {
  for (const broker of cluster.brokers) {
    await cluster.until(`give broker ${broker} its producer ids`, async () => {
      const asked = { transactionalId: null, transactionTimeoutMs: TIMEOUT_MS }
      const { errorCode } = await cluster.call(
        'InitProducerId',
        4,
        { ...asked, producerId: BigInt(NOBODY_YET), producerEpoch: NOBODY_YET },
        broker,
      )
      return errorName(errorCode) === 'NONE' ? true : null
    })
  }
}
