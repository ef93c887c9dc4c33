import { start } from './app.js'
import { TwoSaves } from './orders.service.js'

await start(TwoSaves)
