import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

/**
 * `npm run fuzz [-- --frames 1000000 --seed 1]`: mutated frames into brokers; exit code 1 where one
 * got through.
 */
const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const startedAt = performance.now()
const report = fuzz({ frames: Number(values.frames), seed: values.seed })
console.log({ ...report, seconds: Math.round((performance.now() - startedAt) / 1000) })
for (const failure of report.failures) console.error(failure)
process.exit(report.failures.length === 0 ? 0 : 1)
