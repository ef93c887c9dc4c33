import { TOPIC_CONFIGS } from '../log/topic-config-definitions.ts'
import { brokerValue } from '../log/topic-configs.ts'
import type { Settings } from '../settings.ts'
import { type ApiError, apiError, type RequestBody } from '../wire/index.ts'
import { alterEach, refuseEach } from './alter-configs.ts'
import { TOPIC_RESOURCE } from './describe-configs.ts'
import { servedAtOnce } from './handler.ts'

type Resource = RequestBody<'IncrementalAlterConfigs'>['resources'][number]

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

/**
 * IncrementalAlterConfigs (44), versions 0 to 1: single values are set, deleted, or lists
 * lengthened and shortened (KIP-339).
 */
export const incrementalAlterConfigs = servedAtOnce('IncrementalAlterConfigs')({
  min: 0,
  max: 1,
  apply: (context) =>
    alterEach(
      context,
      (resource, given) => change(resource, given, context.cluster.settings),
      ({ configOperation }) => configOperation !== DELETE,
    ),
  refuse: ({ body }, errorCode) => refuseEach(body, errorCode),
})

function change(
  { configs, resourceType }: Resource,
  given: ReadonlyMap<string, string>,
  settings: Settings,
): ReadonlyMap<string, string> | ApiError {
  const changed = new Map(given)
  for (const { name, value, configOperation } of configs) {
    if (configOperation === DELETE) {
      changed.delete(name)
      continue
    }
    if (configOperation === SET) {
      changed.set(name, value ?? '')
      continue
    }
    if (configOperation !== APPEND && configOperation !== SUBTRACT)
      return apiError('UNKNOWN_SERVER_ERROR', null)
    const definition = resourceType === TOPIC_RESOURCE ? TOPIC_CONFIGS.get(name) : undefined
    const verb = configOperation === APPEND ? 'APPEND' : 'SUBTRACT'
    if (definition?.type !== 'list')
      return apiError('INVALID_CONFIG', `Can't ${verb} to key ${name} because its type is not LIST.`)
    const list = (changed.get(name) ?? brokerValue(definition, settings))
      .split(',')
      .filter((each) => each !== '')
    const more = (value ?? '').split(',')
    const next =
      configOperation === APPEND
        ? [...list, ...more.filter((each) => !list.includes(each))]
        : list.filter((each) => !more.includes(each))
    changed.set(name, next.join(','))
  }
  return changed
}
