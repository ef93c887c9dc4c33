import {
  BROKER_LOGGER_RESOURCE,
  BROKER_RESOURCE,
  CLIENT_METRICS_RESOURCE,
  GROUP_RESOURCE,
  TOPIC_RESOURCE,
} from './describe-configs.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

const TYPES = [
  TOPIC_RESOURCE,
  BROKER_RESOURCE,
  BROKER_LOGGER_RESOURCE,
  CLIENT_METRICS_RESOURCE,
  GROUP_RESOURCE,
]

/**
 * ListConfigResources (74), versions 0 to 1 (KIP-714, KIP-1142): what has configurations. Version 0
 * lists client metrics, of which there are none.
 */
export const listConfigResources = servedAtOnce('ListConfigResources')({
  min: 0,
  max: 1,
  apply: (context) => {
    const { resourceTypes = [] } = context.body
    if (context.version === 0) return { errorCode: 0, configResources: [] }
    if (resourceTypes.some((type) => !TYPES.includes(type)))
      return { errorCode: code('UNSUPPORTED_VERSION'), configResources: [] }
    const wanted = resourceTypes.length === 0 ? TYPES : TYPES.filter((type) => resourceTypes.includes(type))
    const configResources = wanted.flatMap((resourceType) =>
      namesOf(context, resourceType).map((resourceName) => ({ resourceName, resourceType })),
    )
    return { errorCode: 0, configResources }
  },
  refuse: (_context, errorCode) => ({ errorCode, configResources: [] }),
})

function namesOf({ cluster }: RequestContext<'ListConfigResources'>, type: number): readonly string[] {
  if (type === TOPIC_RESOURCE) return cluster.topics.listAll().map(({ name }) => name)
  if (type === BROKER_RESOURCE || type === BROKER_LOGGER_RESOURCE)
    return cluster.liveBrokers.map(({ id }) => String(id))
  return type === GROUP_RESOURCE ? cluster.groupConfigs.groups : []
}
