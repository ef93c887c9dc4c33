import { skipped, until } from '../../faults/outcome.ts'
import { brokerId } from './broker.ts'
import type { Translation } from './world.interface.ts'

export const controllerCut: Translation<'controller-cut'> = {
  kind: 'controller-cut',
  grade: 'exact',
  brokersMin: 2,
  means: 'the controller stands behind a proxy of ours, which drops this broker',
  needs: ['controller-link'],
  begin({ target }, world) {
    const id = brokerId(target, world)
    if (id === null) return skipped(`there is no ${target}`)
    world.kafka.cutController?.(id, true)
    return until(() => world.kafka.cutController?.(id, false))
  },
}
