import { CONFIG_TYPES, TOPIC_CONFIGS, type TopicConfigDefinition } from '../log/topic-config-definitions.ts'
import type { TopicConfigs } from '../log/topic-configs.ts'
import { isDefaultSetting, type Settings } from '../settings.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'
import { isLegalTopicName } from './metadata.ts'

interface Request {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configurationKeys: readonly string[] | null
  }[]
  readonly includeSynonyms: boolean
}

export const TOPIC_RESOURCE = 2
export const BROKER_RESOURCE = 4
/** Where a value comes from. */
const SOURCE = { topic: 1, broker: 4, default: 5 } as const

/** DescribeConfigs (32), versions 0 to 4. Brokers show the settings that the simulation has; topics all that Kafka's have. */
export const describeConfigs: Served = {
  key: 32,
  min: 0,
  max: 4,
  handler: answerNow<Request>(
    (context) => ({ results: context.body.resources.map((resource) => describe(context, resource)) }),
    ({ body }, errorCode) => ({
      results: body.resources.map((resource) => ({
        ...resource,
        errorCode,
        errorMessage: null,
        configs: [],
      })),
    }),
  ),
}

function describe(
  { cluster, broker, body }: RequestContext<Request>,
  { resourceType, resourceName, configurationKeys }: Request['resources'][number],
): Body {
  const result = (error: string, configs: readonly Body[]): Body => ({
    errorCode: code(error),
    errorMessage: null,
    resourceType,
    resourceName,
    configs: body.includeSynonyms ? configs : configs.map((config) => ({ ...config, synonyms: [] })),
  })
  const asked = (name: string): boolean =>
    configurationKeys === null || configurationKeys.length === 0 || configurationKeys.includes(name)
  if (resourceType === TOPIC_RESOURCE) {
    if (!isLegalTopicName(resourceName)) return result('INVALID_TOPIC_EXCEPTION', [])
    const topic = cluster.topics.get(resourceName)
    if (topic === undefined) return result('UNKNOWN_TOPIC_OR_PARTITION', [])
    const definitions = [...TOPIC_CONFIGS.values()].filter(({ name }) => asked(name))
    return result(
      'NONE',
      definitions.map((each) => describeTopicConfig(each, topic.configs, cluster.settings)),
    )
  }
  if (resourceType !== BROKER_RESOURCE) return result('INVALID_REQUEST', [])
  // An empty name asks for what all brokers were told at run time: nothing can be.
  if (resourceName === '') return result('NONE', [])
  if (resourceName !== String(broker.id)) return result('INVALID_REQUEST', [])
  const settings = Object.entries(cluster.settings).filter(([name]) => asked(name))
  return result(
    'NONE',
    settings.map(([name, value]) => describeSetting(name as keyof Settings, value)),
  )
}

function describeSetting(name: keyof Settings, value: Settings[keyof Settings]): Body {
  const byDefault = isDefaultSetting(name, value)
  const source = byDefault ? SOURCE.default : SOURCE.broker
  const types = { boolean: 'boolean', number: Number.isInteger(value) ? 'long' : 'double', string: 'string' }
  return {
    name,
    value: String(value),
    readOnly: true,
    isDefault: byDefault,
    configSource: source,
    isSensitive: false,
    synonyms: [{ name, value: String(value), source }],
    configType: CONFIG_TYPES[types[typeof value as keyof typeof types] as keyof typeof CONFIG_TYPES],
  }
}

/** One configuration of a topic, as DescribeConfigs and CreateTopics show it. */
export function describeTopicConfig(
  { name, type, setting }: TopicConfigDefinition,
  configs: TopicConfigs,
  settings: Settings,
): Body {
  const own = configs.given.get(name)
  const above = own === undefined ? [] : [{ name, value: own, source: SOURCE.topic }]
  const below = setting === null ? [] : [describeSetting(setting, settings[setting])]
  const synonyms = [
    ...above,
    ...below.map((each) => ({ name: each['name'], value: each['value'], source: each['configSource'] })),
  ]
  return {
    name,
    value: configs.get(name),
    readOnly: false,
    isDefault: own === undefined,
    configSource: synonyms[0]?.source ?? SOURCE.default,
    isSensitive: false,
    synonyms,
    configType: CONFIG_TYPES[type],
  }
}
