import { parseArgs } from 'node:util'
import { confluentKafka } from './confluent-kafka.ts'
import { EXPECTED } from './expected.ts'
import { franzGo } from './franz-go.ts'
import { judged } from './judge.ts'
import { kafkaStreams } from './kafka-streams.ts'
import type { Suite } from './suite.interface.ts'

/**
 * `npm run suites [-- --only franz-go,confluent-kafka,kafka-streams --times N]`: tests that nobody
 * here wrote, and programs on libraries with reputations to lose, against `onceover serve`. What
 * they need comes from their registries; what a machine cannot have is skipped, and said. Failures
 * that are known stand in `expected.ts`; a new one is exit code 1.
 */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  'franz-go': franzGo,
  'confluent-kafka': confluentKafka,
  'kafka-streams': kafkaStreams,
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, times: { type: 'string', default: '1' } },
})
const only = values.only?.split(',')
let isNew = false
for (const [key, prepare] of Object.entries(SUITES)) {
  if (only !== undefined && !only.includes(key)) continue
  const suite = await prepare()
  if ('skipped' in suite) {
    console.log(`- ${suite.name}: skipped, ${suite.skipped}`)
    continue
  }
  for (let time = 1; time <= Number(values.times); time += 1) await play(suite, time)
}
process.exitCode = isNew ? 1 : 0

async function play(suite: Extract<Suite, { run: unknown }>, time: number): Promise<void> {
  const startMs = performance.now()
  const results = await suite.run()
  const { news, known, passesAgain } = judged(suite.name, results, EXPECTED)
  const { passed, failed, skipped } = results
  const counts = `${passed.length} of ${passed.length + failed.length} passed, ${skipped.length} skipped`
  const seconds = Math.round((performance.now() - startMs) / 1_000)
  console.log(`${news.length === 0 ? '✓' : '✗'} ${suite.name}, run ${time}: ${counts}, ${seconds} s`)
  for (const line of known) console.log(`    known: ${line}`)
  for (const test of passesAgain) console.log(`    passes again, and is still listed: ${test}`)
  for (const { test, why } of news) console.log(`    new: ${test}\n${why}`)
  if (news.length > 0) isNew = true
}
