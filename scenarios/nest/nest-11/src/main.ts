import { LogErrors } from '@orders/log-errors'
import type { AppContext } from 'onceover'
import { start } from './app'

export default (context: AppContext): Promise<void> => start(context, [LogErrors])
