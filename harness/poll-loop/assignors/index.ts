import type { AssignorName } from '../settings/consumer-settings.ts'
import type { ClientAssignor } from './assignor.interface.ts'
import { range } from './range.ts'
import { roundRobin } from './round-robin.ts'
import { cooperativeSticky, sticky } from './sticky.ts'

export const ASSIGNORS: Readonly<Record<AssignorName, ClientAssignor>> = {
  range,
  roundrobin: roundRobin,
  sticky,
  'cooperative-sticky': cooperativeSticky,
}
