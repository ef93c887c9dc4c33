import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configurationKeys: readonly string[] | null
  }[]
}

const TOPIC = 2
const BROKER = 4
/** Where a value comes from: a broker's default. */
const DEFAULT_CONFIG = 5

/** DescribeConfigs (32), versions 0 to 4. Brokers show the settings that the simulation has; topics have none of their own. */
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
  { cluster }: RequestContext<Request>,
  { resourceType, resourceName, configurationKeys }: Request['resources'][number],
): Body {
  const result = (error: string, configs: readonly Body[]): Body => ({
    errorCode: code(error),
    errorMessage: null,
    resourceType,
    resourceName,
    configs,
  })
  if (resourceType === TOPIC)
    return result(cluster.topics.get(resourceName) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE', [])
  if (resourceType !== BROKER) return result('INVALID_REQUEST', [])
  const settings = Object.entries(cluster.settings).filter(
    ([name]) => configurationKeys === null || configurationKeys.includes(name),
  )
  return result(
    'NONE',
    settings.map(([name, value]) => ({
      name,
      value: String(value),
      readOnly: true,
      isDefault: true,
      configSource: DEFAULT_CONFIG,
      isSensitive: false,
      synonyms: [],
    })),
  )
}
