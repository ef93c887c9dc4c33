import { configOf } from '../../core/faults/topic-configured.ts'
import { until } from '../../faults/outcome.ts'
import { demand } from '../cluster/errors.ts'
import type { Translation } from './world.interface.ts'

const TOPIC_RESOURCE = 2
const OPERATION = { set: 0, delete: 1 } as const

export const topicConfigured: Translation<'topic-configured'> = {
  kind: 'topic-configured',
  grade: 'exact',
  means: 'IncrementalAlterConfigs, and once more at its end',
  begin({ target, config }, world) {
    const { busy, cluster } = world
    const { name, value } = configOf(config)
    const configure = (configOperation: number, given: string | null): void =>
      busy.add(async () => {
        const configs = [{ name, configOperation, value: given }]
        const body = await cluster.call('IncrementalAlterConfigs', 1, {
          resources: [{ resourceType: TOPIC_RESOURCE, resourceName: target, configs }],
          validateOnly: false,
        })
        demand(`configure ${target}`, body.responses[0]?.errorCode)
      })
    configure(OPERATION.set, value)
    return until(() => configure(OPERATION.delete, null))
  },
}
