import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDown: Translation<'service-down'> = {
  kind: 'service-down',
  grade: 'approximate',
  means:
    'the same service on a socket of this machine, which resets connections that it should refuse; context.store is the harness itself',
  begin({ target }, world) {
    const up = world.stopService(target)
    return up === null ? skipped(`there is no ${target}, or it is down`) : until(up)
  },
}
