import { CLUSTER_NAME } from '../access/acl.ts'
import { type ApiError, apiError, errorFields } from '../wire/index.ts'
import { operationsOn } from './authorization/operations.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'
import { rackOf } from './racks.ts'

const BROKERS = 1
const CONTROLLERS = 2

/**
 * DescribeCluster (60), versions 0 to 2 (KIP-700): live brokers; from version 2 on those that are
 * down, too, as fenced.
 */
export const describeCluster = servedAtOnce('DescribeCluster')({
  min: 0,
  max: 2,
  apply: (context) => {
    const { cluster, body } = context
    const refusal = refusalOf(context)
    if (refusal !== null) return { ...errorFields(refusal), clusterId: '', brokers: [] }
    const shown = body.includeFencedBrokers === true ? cluster.brokers : cluster.liveBrokers
    return {
      errorCode: 0,
      endpointType: BROKERS,
      clusterId: cluster.id,
      controllerId: cluster.liveBrokers[0]?.id ?? -1,
      brokers: shown.map(({ id, host, port }) => ({
        brokerId: id,
        host,
        port,
        rack: rackOf(cluster, id),
        isFenced: !cluster.isUp(id),
      })),
      ...(body.includeClusterAuthorizedOperations
        ? { clusterAuthorizedOperations: operationsOn(context, 'Cluster', CLUSTER_NAME) }
        : {}),
    }
  },
  refuse: (_context, errorCode) => ({ errorCode, clusterId: '', brokers: [] }),
})

function refusalOf({ body, version }: RequestContext<'DescribeCluster'>): ApiError | null {
  if (version === 0 || body.endpointType === BROKERS) return null
  return body.endpointType === CONTROLLERS
    ? apiError(
        'MISMATCHED_ENDPOINT_TYPE',
        'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
      )
    : apiError('UNSUPPORTED_ENDPOINT_TYPE', `Unsupported endpoint type ${body.endpointType}`)
}
