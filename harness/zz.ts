import { prepareScenario } from './run/prepare.ts'
import { search } from './search/search.ts'
import { tell } from '../properties/index.ts'
import { describeFault, describeHold } from './core/fault-words.ts'
const file = process.argv[2]!
const runs = Number(process.argv[3] ?? 2000)
const seeds = (process.argv[4] ?? '1').split(',')
const m = await import(file)
for (const seed of seeds) {
const p = await prepareScenario(m.default, { file })
const o = await search(p, { seed, runs, strategy: 'portfolio' })
if (o.outcome !== 'violated') { console.log(o.outcome, o.runs, Math.round(o.durationMs), (o as any).difference ?? '', (o as any).reason ?? '', o.notes.map(n => n.message)); if (process.argv[5]) console.log(o.coverage); continue }
console.log(p.name, 'VIOLATED', o.finding.property, 'after', o.foundAfterRuns, o.strategy, 'shrunk in', o.shrunk.runs, Math.round(o.shrunk.durationMs), 'ms', o.shrunk.oneMinimal, o.shrunk.repeatable)
console.log(' ', o.finding.message)
console.log('  faults:', o.shrunk.schedule.faults.map(describeFault), 'holds:', o.shrunk.schedule.holds.map(describeHold), 'records', o.shrunk.schedule.workload.records.length, 'consumers', o.shrunk.schedule.workload.consumers, JSON.stringify(o.shrunk.schedule.workload.topics))
const t = tell(o.shrunk.result.history, o.finding)
console.log('  =>', t.sentence)
if (process.argv[5]) t.story.forEach((l, i) => console.log(`   ${i + 1}. ${(l.timeUs / 1e6).toFixed(3)} ${l.lane}: ${l.text}`))
}
