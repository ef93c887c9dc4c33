import { relaysScenario } from './scenario.ts'

/** One relay has an order's first rows, and the other one is faster with those behind them. */
export default relaysScenario('relays: each takes the next rows that are free', './skips-locked.ts')
