import { skipped, until } from '../../faults/outcome.ts'
import { brokerId } from './broker.ts'
import type { Translation } from './world.interface.ts'

export const brokerDown: Translation<'broker-down'> = {
  kind: 'broker-down',
  grade: 'approximate',
  means:
    'SIGKILL of the broker, and a new start, which takes seconds; other brokers notice after its session timeout (9 s)',
  needs: ['kill-broker'],
  begin({ target }, world) {
    const { busy, kafka, links } = world
    const id = brokerId(target, world)
    if (id === null) return skipped(`there is no ${target}`)
    busy.add(async () => kafka.killBroker?.(id))
    const accept = links.refuseAll(target)
    return until(() => {
      busy.add(async () => kafka.startBroker?.(id))
      accept()
    })
  },
}
