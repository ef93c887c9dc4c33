import { type CheckedClient, checkClient } from './check-client.ts'
import type { Prepared } from './client.interface.ts'
import { java } from './java.ts'
import { kcat } from './kcat.ts'
import { kafkajs, platformatic } from './node-clients.ts'
import { RECORD_BYTES } from './records.ts'

/**
 * `npm run programs [-- --records N] [--only NAME]`: real clients against `onceover serve` over
 * TCP. Each produces and consumes a million records, alone and in a group that changes; what a
 * machine cannot run is skipped, and said. Exit code 1 where anything is lost, doubled or said
 * otherwise than a real cluster would.
 */
const PROGRAMS: Readonly<Record<string, () => Promise<Prepared>>> = {
  kafkajs,
  kcat,
  'java-4.1': () => java('4.1.0'),
  'java-4.1-kip-848': () => java('4.1.0', 'consumer'),
  'java-3.9': () => java('3.9.1'),
  platformatic: () => platformatic(),
  'platformatic-kip-848': () => platformatic('consumer'),
}

const records = Number(optionOf('--records') ?? 1_000_000)
const only = optionOf('--only')?.split(',')
let failed = false
console.log(
  `${records} records of ${RECORD_BYTES} B, 3 brokers, 6 partitions; rates include the start of the program`,
)
for (const [name, prepare] of Object.entries(PROGRAMS)) {
  if (only !== undefined && !only.includes(name)) continue
  const prepared = await prepare()
  if ('skipped' in prepared) console.log(`- ${prepared.name}: skipped, ${prepared.skipped}`)
  else {
    try {
      print(await checkClient(prepared.client, records))
    } catch (error) {
      failed = true
      console.log(`✗ ${prepared.client.name}: ${String(error)}`)
    }
  }
}
process.exitCode = failed ? 1 : 0

function print({ name, producedEachS, consumedEachS, peakMb, notes, differences }: CheckedClient): void {
  const mark = differences.length === 0 ? '✓' : '✗'
  const peak = peakMb === null ? '' : `, serve took ${peakMb} MB at most`
  console.log(
    `${mark} ${name}: ${producedEachS} records/s produced, ${consumedEachS} records/s consumed${peak}`,
  )
  for (const line of [...differences, ...notes]) console.log(`    ${line}`)
  if (differences.length > 0) failed = true
}

function optionOf(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
