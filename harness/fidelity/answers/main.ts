import { parseArgs } from 'node:util'
import { keysOf } from '../../core/lists.ts'
import { kafkaJars } from '../artifacts/kafka.ts'
import { RealBroker, SETTINGS } from '../differential/broker.ts'
import { RealBrokerTarget, SimulatedTarget } from '../differential/target.ts'
import { compared, summaryOf } from './compare.ts'
import { writeDefinitions } from './definitions.ts'
import { type Answers, playRequests } from './play.ts'
import { RELEASES_ASKED, type ReleaseAsked, readRecorded, writeRecorded } from './recorded.ts'
import { REQUESTS } from './requests/index.ts'

/**
 * `npm run answers [-- --releases 4.1.0,3.9.1 --only TEXT --record --recorded]`: administrative
 * requests in every version, their whole answers on the simulation and on real Kafkas from Maven
 * Central. Prints each difference that has no reason; exit code 1 where there is one. `--record`
 * keeps what the real ones answered, for `npm test`; `--recorded` takes that instead of asking.
 */
const { values } = parseArgs({
  options: {
    releases: { type: 'string', default: '4.1.0,3.9.1' },
    only: { type: 'string', default: '' },
    record: { type: 'boolean', default: false },
    recorded: { type: 'boolean', default: false },
    definitions: { type: 'boolean', default: false },
  },
})
if (values.definitions) {
  await writeDefinitions(await kafkaJars('4.1.0'))
  process.exit(0)
}
const requests = REQUESTS.filter(({ name }) => name.includes(values.only))
let unexplained = 0

for (const release of keysOf(RELEASES_ASKED)) {
  if (!values.releases.split(',').includes(release)) continue
  try {
    const real = values.recorded ? readRecorded(release) : await askedOfKafka(release)
    if (values.record)
      writeRecorded(release, values.only === '' ? real : { ...readRecorded(release), ...real })
    const simulated = await playRequests(
      requests,
      RELEASES_ASKED[release],
      new SimulatedTarget({ ...SETTINGS, 'onceover.release': RELEASES_ASKED[release] }),
    )
    const all = compared({ requests, release, simulated, real })
    for (const { name, version, path, simulated: ours, real: theirs, reason } of all.differences) {
      if (reason === null)
        console.log(
          `${name}, version ${version}, ${path}\n  simulation ${ours}\n  Kafka ${release} ${theirs}`,
        )
    }
    console.log(summaryOf(release, all))
    unexplained += all.differences.filter(({ reason }) => reason === null).length
  } catch (error) {
    console.log(`skipped: Kafka ${release}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
process.exit(unexplained === 0 ? 0 : 1)

async function askedOfKafka(release: ReleaseAsked): Promise<Answers> {
  const broker = await RealBroker.start(await kafkaJars(release))
  try {
    const target = new RealBrokerTarget(broker.address, () => broker.restart())
    return await playRequests(requests, RELEASES_ASKED[release], target)
  } finally {
    await broker.stop()
  }
}
