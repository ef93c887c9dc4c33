import { CONFIG_TYPES, TOPIC_CONFIGS, type TopicConfigDefinition } from '../log/topic-config-definitions.ts'
import { settingText, type TopicConfigs } from '../log/topic-configs.ts'
import { defaultSetting, isDefaultSetting, type Settings } from '../settings.ts'
import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'
import { isLegalTopicName } from './metadata.ts'

export const TOPIC_RESOURCE = 2
export const BROKER_RESOURCE = 4
/** Where a value comes from. */
const SOURCE = { topic: 1, broker: 4, default: 5 } as const

type DescribedResource = ElementOf<AnswerDraft<'DescribeConfigs'>['results']>
type DescribedConfig = ElementOf<DescribedResource['configs']>

/** DescribeConfigs (32), versions 0 to 4. Brokers show the settings that the simulation has; topics all that Kafka's have. */
export const describeConfigs = servedAtOnce('DescribeConfigs', {
  min: 0,
  max: 4,
  apply: (context) => ({ results: context.body.resources.map((resource) => describe(context, resource)) }),
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

function describe(
  { cluster, broker, body }: RequestContext<'DescribeConfigs'>,
  { resourceType, resourceName, configurationKeys }: RequestBody<'DescribeConfigs'>['resources'][number],
): DescribedResource {
  const result = (error: string, configs: readonly DescribedConfig[]): DescribedResource => ({
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

function describeSetting(name: keyof Settings, value: Settings[keyof Settings]): DescribedConfig {
  const types = { boolean: 'boolean', number: Number.isInteger(value) ? 'long' : 'double', string: 'string' }
  const synonyms = brokerSynonyms(name, value)
  return {
    name,
    value: settingText(value),
    readOnly: true,
    isDefault: synonyms.length === 1,
    configSource: synonyms[0]?.source ?? SOURCE.default,
    isSensitive: false,
    synonyms,
    configType: CONFIG_TYPES[types[typeof value as keyof typeof types] as keyof typeof CONFIG_TYPES],
  }
}

interface Synonym {
  readonly name: string
  readonly value: string
  readonly source: number
}

/** Kafka's default of these is none: what holds stands under another name (`log.retention.hours`). */
const UNSET_BY_DEFAULT: ReadonlySet<keyof Settings> = new Set(['log.retention.ms', 'log.roll.ms'])

function brokerSynonyms(name: keyof Settings, value: Settings[keyof Settings]): Synonym[] {
  const given = isDefaultSetting(name, value)
    ? []
    : [{ name, value: settingText(value), source: SOURCE.broker }]
  if (UNSET_BY_DEFAULT.has(name)) return given
  return [...given, { name, value: settingText(defaultSetting(name)), source: SOURCE.default }]
}

/** One configuration of a topic, as DescribeConfigs and CreateTopics show it. */
export function describeTopicConfig(
  { name, type, setting, brokerName, default: byDefault }: TopicConfigDefinition,
  configs: TopicConfigs,
  settings: Settings,
): DescribedConfig {
  const own = configs.given.get(name)
  const synonyms: Synonym[] = own === undefined ? [] : [{ name, value: own, source: SOURCE.topic }]
  if (setting !== null) synonyms.push(...brokerSynonyms(setting, settings[setting]))
  else if (brokerName !== null) synonyms.push({ name: brokerName, value: byDefault, source: SOURCE.default })
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
