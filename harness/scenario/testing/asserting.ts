import { sometimes } from 'onceover/assert'
import type { AppContext } from '../../core/scenario.ts'
import { reportingConsumer } from './consumers.ts'

/** A module of an app that asserts something at its start. */
export default function main(context: AppContext): Promise<void> {
  sometimes(true, 'it begins')
  return reportingConsumer(context)
}
