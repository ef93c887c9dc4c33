import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureGrowth } from './growth.ts'
import { measureIdle } from './idle.ts'
import { measureAlarms, measureMutants } from './mutants.ts'
import { measureLoop, measureThroughput } from './throughput.ts'
import { measureWeek } from './week.ts'

/**
 * `npm run bench [-- --only throughput,loop,idle,week,growth,mutants,alarms] [--runs 5000]
 * [--seeds 20] [--schedules 2000]`: prints tables, and writes the same figures to
 * `.onceover/bench.json`. It reports; it never fails because of a figure. Each part that measures
 * CPU is best run alone: V8 has learnt from the part before which objects live long.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'throughput,loop,idle,week,growth,mutants,alarms' },
    runs: { type: 'string', default: '5000' },
    seeds: { type: 'string', default: '20' },
    schedules: { type: 'string', default: '2000' },
  },
})
const wanted = new Set(values.only.split(','))
const figures: Record<string, unknown> = {
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
}

function show(title: string, table: unknown): void {
  console.log(`\n${title}`)
  console.table(table)
}

if (wanted.has('throughput')) {
  const { share, ...throughput } = await measureThroughput(Number(values.runs))
  figures['throughput'] = { ...throughput, share }
  show('kafkajs, 2 processes, 2 partitions, 20 records, one crash at a random named event', throughput)
  show('share of CPU samples, percent, by the innermost frame with a known owner', share)
}
if (wanted.has('loop')) {
  const { share, ...loop } = await measureLoop(Number(values.runs))
  figures['loop'] = { ...loop, share }
  show('poll loop, 1 process, 1 partition, 4 records, no fault', loop)
  show('its share of CPU samples, percent', share)
}
if (wanted.has('idle')) {
  figures['idle'] = await measureIdle()
  show('an idle virtual hour of two connected consumers', figures['idle'])
}
if (wanted.has('week')) {
  figures['week'] = await measureWeek()
  show('eight virtual days of one committed, then empty group', figures['week'])
}
if (wanted.has('growth')) {
  const rows = await measureGrowth()
  figures['growth'] = rows
  show('one fault-free run, one axis at a time', rows)
}
if (wanted.has('mutants')) {
  const rows = await measureMutants(Number(values.seeds))
  figures['mutants'] = rows
  show(
    `mutants, ${values.seeds} seeds each`,
    rows.map(({ properties, ...row }) => ({ ...row, properties: properties.join(' ') })),
  )
}
if (wanted.has('alarms')) {
  const rows = await measureAlarms(Number(values.schedules), 5)
  figures['alarms'] = rows
  show('false alarms on correct twins, 5 seeds each', rows)
}
mkdirSync('.onceover', { recursive: true })
writeFileSync('.onceover/bench.json', `${JSON.stringify(figures, null, 2)}\n`)
process.exit(0)
