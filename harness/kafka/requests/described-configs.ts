import { CONFIG_TYPES, type ConfigType, kafkaConfigs } from '../config/kafka-configs.ts'
import { eligibleLeaderReplicasVersion } from '../features.ts'
import type { GroupConfigs } from '../group/group-configs.ts'
import type { TopicConfigDefinition } from '../log/topic-config-definitions.ts'
import { settingText, type TopicConfigs } from '../log/topic-configs.ts'
import { isDefaultSetting, type Settings } from '../settings.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'

export type DescribedResource = ElementOf<AnswerDraft<'DescribeConfigs'>['results']>
export type DescribedConfig = ElementOf<DescribedResource['configs']>

/** Where a value comes from (`ConfigSource`). */
const SOURCE = { topic: 1, allBrokers: 3, broker: 4, default: 5, metrics: 7, group: 8 } as const

interface Synonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

/** One setting under several names, the one that counts first. */
const SAME: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
]
const FLUSH = 'log.flush.interval.ms'
const MIN_IN_SYNC = 'min.insync.replicas'

/**
 * The values of a broker setting: as given to all brokers, and by default; under each of its names.
 */
function brokerSynonyms(name: string, settings: Settings): Synonym[] {
  const names = namesOf(name)
  const forAll =
    // A cluster with eligible leader replicas fixes it for all brokers (KIP-966).
    name === MIN_IN_SYNC && eligibleLeaderReplicasVersion(settings) > 0
      ? [{ name, value: settingText(settings[MIN_IN_SYNC]), source: SOURCE.allBrokers }]
      : []
  const all: Synonym[] = [
    ...forAll,
    ...names.flatMap((each) => synonym(each, givenSetting(each, settings), SOURCE.broker)),
    ...names.flatMap((each) => synonym(each, kafkaConfigs('broker').get(each)?.default, SOURCE.default)),
  ]
  const from = all.findIndex((each) => each.name === name)
  return from === -1 ? [] : all.slice(from)
}

function namesOf(name: string): readonly string[] {
  if (name === FLUSH) return [FLUSH, 'log.flush.scheduler.interval.ms']
  return SAME.find((names) => names.includes(name)) ?? [name]
}

function synonym(name: string, value: string | null | undefined, source: number): Synonym[] {
  return value == null ? [] : [{ name, value, source }]
}

/** The value given to brokers, where it is not the default; undefined where none was given. */
function givenSetting(name: string, settings: Settings): string | undefined {
  const value = (settings as Readonly<Record<string, Settings[keyof Settings]>>)[name]
  if (value === undefined || isDefaultSetting(name as keyof Settings, value)) return undefined
  return settingText(value)
}

/** One of a topic, as DescribeConfigs and CreateTopics show it. */
export function describeTopicConfig(
  { name, type, setting, brokerName }: TopicConfigDefinition,
  configs: TopicConfigs,
  settings: Settings,
): DescribedConfig {
  const own = configs.given.get(name)
  const inherited = setting ?? brokerName
  return described({
    name,
    type,
    value: configs.get(name),
    isReadOnly: false,
    documentation: kafkaConfigs('topic').get(name)?.documentation ?? '',
    synonyms: [
      ...synonym(name, own, SOURCE.topic),
      ...(inherited === null ? [] : brokerSynonyms(inherited, settings)),
    ],
  })
}

/** All that a broker has, by Kafka's definitions, and settings that are the simulation's own. */
export function brokerConfigs(
  settings: Settings,
  broker: { readonly id: number; readonly address: { readonly host: string; readonly port: number } },
): DescribedConfig[] {
  const { host, port } = broker.address
  const told: Readonly<Record<string, string>> = {
    'node.id': String(broker.id),
    'broker.id': String(broker.id),
    listeners: `PLAINTEXT://${host}:${port}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
  }
  const known = [...kafkaConfigs('broker').values()].map(({ name, type, isDynamic, ...config }) => {
    const own = told[name]
    return described({
      name,
      type,
      value: own ?? givenSetting(name, settings) ?? config.default,
      isReadOnly: !isDynamic,
      documentation: config.documentation,
      synonyms: [...synonym(name, own, SOURCE.broker), ...brokerSynonyms(name, settings)],
    })
  })
  const others = Object.entries(settings)
    .filter(([name]) => !kafkaConfigs('broker').has(name))
    .map(([name, value]) =>
      described({
        name,
        type: 'string',
        value: settingText(value),
        isReadOnly: true,
        documentation: '',
        synonyms: synonym(name, givenSetting(name, settings), SOURCE.broker),
      }),
    )
  return [...known, ...others]
}

/**
 * The configurations given to all brokers at run time: only those that eligible leader replicas
 * bring along.
 */
export function allBrokersConfigs(settings: Settings): DescribedConfig[] {
  const synonyms = brokerSynonyms(MIN_IN_SYNC, settings).filter(({ source }) => source === SOURCE.allBrokers)
  const definition = kafkaConfigs('broker').get(MIN_IN_SYNC)
  if (synonyms.length === 0 || definition === undefined) return []
  const { name, type, documentation } = definition
  const value = settingText(settings[MIN_IN_SYNC])
  return [described({ name, type, value, isReadOnly: false, documentation, synonyms })]
}

/**
 * The configurations that apply to this group's members, from the group itself or from the brokers.
 */
export function groupConfigs(group: string, configs: GroupConfigs): DescribedConfig[] {
  const given = configs.of(group)
  return [...kafkaConfigs('group').values()].map(({ name, type, documentation }) => {
    const value = configs.value(group, name)
    const source = given.has(name) ? SOURCE.group : SOURCE.default
    return described({
      name,
      type,
      value,
      isReadOnly: false,
      documentation,
      synonyms: [{ name, value, source }],
    })
  })
}

/** Of client metrics there are no subscriptions. */
export function metricsConfigs(): DescribedConfig[] {
  return [...kafkaConfigs('metrics').values()].map(({ name, type, documentation, default: value }) =>
    described({ name, type, value, isReadOnly: false, documentation, synonyms: [] }),
  )
}

function described({
  name,
  type,
  value,
  isReadOnly,
  documentation,
  synonyms,
}: {
  readonly name: string
  readonly type: ConfigType
  readonly value: string | null
  readonly isReadOnly: boolean
  readonly documentation: string
  readonly synonyms: readonly Synonym[]
}): DescribedConfig {
  const isSensitive = type === 'password'
  const configSource = synonyms[0]?.source ?? SOURCE.default
  return {
    name,
    value: isSensitive ? null : value,
    readOnly: isReadOnly,
    configSource,
    isSensitive,
    synonyms: isSensitive ? synonyms.map((each) => ({ ...each, value: null })) : synonyms,
    configType: CONFIG_TYPES[type],
    documentation,
  }
}
