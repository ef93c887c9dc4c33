import type { History, HistoryEvent, Observation } from '../../harness/core/history.ts'
import { parseAppProcess } from '../../harness/core/names.ts'
import { type Made, PROCESS_VERBS, type VerbContext, type VerbOptions, WORLD_VERBS } from './verbs.ts'

/**
 * A history from terse lines, for tests. One line an event, or a few; `// …` is a comment.
 *
 *     topic orders partitions=2 start=100       append orders/0@0..4 key=k value=v by=consumer-0 tx=9
 *     consumer-0 start                          consumer-0 subscribes orders
 *     consumer-0 owns orders/0 gen=1            (assigned and believes)
 *     consumer-0 told orders/0@8                consumer-0 told orders/0 none
 *     consumer-0 gets orders/0@7                consumer-0 ends orders/0@7       consumer-0 fails orders/0@7
 *     consumer-0 effect orders/0@7 label=mail   consumer-0 processes orders/0@0..4  (gets, effect, ends of each)
 *     consumer-0 batch orders/0@0..4            consumer-0 resolves orders/0@1   consumer-0 batch-ends orders/0@0..4
 *     consumer-0 commits orders/0@8 gen=1 owner=consumer-1
 *     fault pause consumer-0 durationMs=5000    heals 0                          wait 10s
 *     drain                                     deadline                         end
 *
 * The group is `g` unless `group=` says otherwise; incarnations count by themselves unless `inc=`
 * does.
 */
export function historyOf(text: string): History {
  const writer = new Writer()
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/, '').trim()
    if (line !== '') writer.write(line)
  }
  return { events: writer.events }
}

interface HistoryLine {
  readonly words: readonly string[]
  readonly options: VerbOptions
}

class Writer {
  readonly events: HistoryEvent[] = []
  #timeUs = 0
  readonly #incarnations: Map<string, number> = new Map()

  write(text: string): void {
    const { words, options } = lineOf(text)
    const [first = '', second = ''] = words
    if (first === 'wait') this.#timeUs += Number(second.replace('s', '')) * 1_000_000
    else if (parseAppProcess(first) === null) this.#byWorld({ words, options }, first)
    else this.#byProcess({ words, options }, first)
  }

  #add(made: Made): void {
    for (const observation of Array.isArray(made)
      ? (made as readonly Observation[])
      : [made as Observation]) {
      this.#timeUs += 1_000
      this.events.push({ ...observation, seq: this.events.length, timeUs: this.#timeUs })
    }
  }

  #byWorld({ words, options }: HistoryLine, verb: string): void {
    this.#add(makerOf(WORLD_VERBS, verb)(this.#context(words.slice(1), options)))
  }

  #byProcess({ words, options }: HistoryLine, process: string): void {
    const [, verb = '', ...rest] = words
    if (verb === 'start') this.#incarnations.set(process, (this.#incarnations.get(process) ?? 0) + 1)
    const by = { process, incarnation: Number(options['inc'] ?? this.#incarnations.get(process) ?? 1) }
    const context = this.#context(rest, options)
    const { group } = context
    const generation = Number(options['gen'] ?? 1)
    const member = { ...by, group, memberId: `${process}-member`, generation }
    this.#add(makerOf(PROCESS_VERBS, verb)({ ...context, by, member, target: rest[0] ?? '' }))
  }

  #context(rest: readonly string[], options: VerbOptions): VerbContext {
    const { group = 'g', error = 'Error: failed' } = options
    return { rest, options, group, error, events: this.events }
  }
}

function lineOf(text: string): HistoryLine {
  const parts = text.match(/\S+='[^']*'|\S+/g) ?? []
  const isOption = (part: string): boolean => /^[a-zA-Z]+=/.test(part)
  const pairs = parts.filter(isOption).map((part) => {
    const at = part.indexOf('=')
    return [part.slice(0, at), part.slice(at + 1).replace(/^'|'$/g, '')]
  })
  return { words: parts.filter((part) => !isOption(part)), options: Object.fromEntries(pairs) }
}

function makerOf<Maker>(table: Readonly<Record<string, Maker>>, verb: string): Maker {
  const maker = table[verb]
  if (maker === undefined) throw new Error(`'${verb}' is no verb; there are ${Object.keys(table).join(', ')}`)
  return maker
}
