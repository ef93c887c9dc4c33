import { TOPIC_CONFIGS } from '../log/topic-config-definitions.ts'
import { type ApiError, apiError, errorFields, type RequestBody } from '../wire/index.ts'
import {
  allBrokersConfigs,
  brokerConfigs,
  type DescribedConfig,
  type DescribedResource,
  describeTopicConfig,
  groupConfigs,
  metricsConfigs,
} from './described-configs.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'
import { topicNameProblem } from './topic-names.ts'

export const TOPIC_RESOURCE = 2
export const BROKER_RESOURCE = 4
export const BROKER_LOGGER_RESOURCE = 8
export const CLIENT_METRICS_RESOURCE = 16
export const GROUP_RESOURCE = 32
const RESOURCES: readonly number[] = [
  TOPIC_RESOURCE,
  BROKER_RESOURCE,
  BROKER_LOGGER_RESOURCE,
  CLIENT_METRICS_RESOURCE,
  GROUP_RESOURCE,
]

type AskedResource = RequestBody<'DescribeConfigs'>['resources'][number]
type ConfigsContext = RequestContext<'DescribeConfigs'>

/**
 * DescribeConfigs (32), versions 0 to 4 (KIP-133, KIP-226, KIP-569): of topics, brokers, groups and
 * client metrics, with Kafka's types and documentation.
 */
export const describeConfigs = servedAtOnce('DescribeConfigs')({
  min: 0,
  max: 4,
  apply: (context) => {
    const { resources } = context.body
    const strange = resources.find(({ resourceType }) => !RESOURCES.includes(resourceType))
    // Kafka stumbles over the whole request then.
    const refusal = strange === undefined ? null : apiError('INVALID_REQUEST')
    return {
      results: resources.map((resource) =>
        refusal === null ? describe(context, resource) : refused(resource, refusal),
      ),
    }
  },
  refuse: ({ body }, errorCode) => ({
    results: body.resources.map(({ resourceType, resourceName }) => ({
      resourceType,
      resourceName,
      errorCode,
      errorMessage: null,
      configs: [],
    })),
  }),
})

function describe(context: ConfigsContext, asked: AskedResource): DescribedResource {
  const configs = configsOf(context, asked)
  return 'error' in configs ? refused(asked, configs) : told(context, asked, configs)
}

function refused({ resourceType, resourceName }: AskedResource, refusal: ApiError): DescribedResource {
  return { ...errorFields(refusal), resourceType, resourceName, configs: [] }
}

function told(
  { body }: ConfigsContext,
  { resourceType, resourceName, configurationKeys }: AskedResource,
  configs: readonly DescribedConfig[],
): DescribedResource {
  const all = configurationKeys === null || configurationKeys.length === 0
  return {
    errorCode: 0,
    // Kafka says nothing with the empty text.
    errorMessage: '',
    resourceType,
    resourceName,
    configs: configs
      .filter(({ name = '' }) => all || configurationKeys.includes(name))
      .map((config) => ({
        ...config,
        synonyms: body.includeSynonyms ? (config.synonyms ?? []) : [],
        documentation: body.includeDocumentation ? (config.documentation ?? null) : null,
      })),
  }
}

function configsOf(
  { cluster, broker }: ConfigsContext,
  { resourceType, resourceName }: AskedResource,
): readonly DescribedConfig[] | ApiError {
  switch (resourceType) {
    case TOPIC_RESOURCE: {
      const illegal = topicNameProblem(resourceName)
      if (illegal !== null) return apiError('INVALID_TOPIC_EXCEPTION', illegal)
      const topic = cluster.topics.get(resourceName)
      if (topic === undefined) return apiError('UNKNOWN_TOPIC_OR_PARTITION', '')
      return [...TOPIC_CONFIGS.values()].map((each) =>
        describeTopicConfig(each, topic.configs, cluster.settings),
      )
    }
    case BROKER_RESOURCE:
      if (resourceName === '') return allBrokersConfigs(cluster.settings)
      return (
        notThisBroker(resourceName, broker.id, ' or empty string, but') ??
        brokerConfigs(cluster.settings, broker)
      )
    case BROKER_LOGGER_RESOURCE:
      if (resourceName === '') return apiError('INVALID_REQUEST', 'Broker id must not be empty')
      return notThisBroker(resourceName, broker.id, ' but') ?? []
    case CLIENT_METRICS_RESOURCE:
      if (resourceName !== '') return metricsConfigs()
      return apiError('INVALID_REQUEST', 'Client metrics subscription name must not be empty')
    default:
      if (resourceName !== '') return groupConfigs(resourceName, cluster.groupConfigs)
      return apiError('INVALID_REQUEST', 'Group name must not be empty')
  }
}

function notThisBroker(name: string, id: number, or: string): ApiError | null {
  if (!/^[+-]?\d+$/.test(name))
    return apiError('INVALID_REQUEST', `Broker id must be an integer, but it is: ${name}`)
  if (Number(name) === id) return null
  return apiError('INVALID_REQUEST', `Unexpected broker id, expected ${id}${or} received ${name}`)
}
