import { start } from './app.js'
import { OneTransaction } from './orders.service.js'

await start(OneTransaction)
