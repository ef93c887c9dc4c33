import { describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../core/fault.ts'
import { SOURCES } from './repository.ts'
import { type SourceReading, type VisitorObject, visit } from './syntax.ts'

const KINDS: ReadonlySet<string> = new Set(FAULT_KINDS)

/** Where a kind of fault is defined, and where it acts. */
const OF_KINDS = /^harness\/(core\/faults|faults|real\/faults)\//
/** Examples write schedules down; they ask nothing. */
const EXAMPLES = /^scenarios\/|^harness\/(bench|house)\/|^harness\/real\/(leg|replayed|table\/kinds)\.ts$/

/** Files that may do all of this. */
const TESTS = /\.test\.ts$|\/testing\//

/**
 * The casts outside of tests, `as const` aside; double ones go by way of `unknown`. These numbers
 * only fall: write the new ones here when you have taken casts away.
 */
const CASTS = { all: 320, double: 3 } as const

/** Words of others that are spelt as a kind of fault is. */
const OTHERS: readonly (readonly [what: string, files: RegExp, words: readonly string[]])[] = [
  [
    'actions of a broker on one request',
    /^harness\/(kafka|serve|real\/gate|fidelity\/java-consumer)\//,
    ['disconnect-before', 'disconnect-after'],
  ],
  ['an event of a history', /^(harness\/core|harness\/kafka\/topics|properties)\//, ['partitions-added']],
]

/** Ways to read something out of the spelling of a name. */
const SPELLING: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'includes', 'match', 'split'])

/** The only files that put names together and take them apart. */
const OF_NAMES = /^harness\/core\/(event-)?names\.ts$/

/** Names as templates print them: their parts, and the sign between them. */
const NAMES: readonly (readonly [what: string, RegExp])[] = [
  ['a process or a broker', /(^|[ ~>])(consumer|broker)-\$\{/],
  ['a link', /^\$\{[^}]*\}[~>]\$\{[^}]*\}$/],
  ['a partition', /(\b|\.)(topic|name)\}\/\$\{(\w+\.)*(partition|partitionIndex|index)\}/],
  ['a record', /\}@\$\{[^}]*[oO]ffset\}/],
  ['a request or a call', /\}#\$\{[^}]*(ordinal|incarnation|generation)\}/],
]

/** A pattern that takes a name apart: `consumer-(\d+)`, `#(\d+)`, `@(\d+)`. */
const TAKES_APART = /\b(consumer|broker)-\(?(\\d|\[0-9)|[#@]\(?(\\d|\[0-9)/
/** Signs of names; a text that is split by one is taken for a name. */
const SIGNS: ReadonlySet<unknown> = new Set(['#', '@', '~', '>', 'consumer-', 'broker-'])

/** Names of other things, which are spelt alike. */
const NAMES_OF_OTHERS =
  /^harness\/(poll-loop\/(net\/tcp-network|consumer-parts)|scenario\/drawn-records|fidelity\/.*|real\/providers\/.*|sim\/(package-files|call-site)|check\/version|house\/.*|canaries\/.*|claims\/.*)\b/

/** Places that were found, by what is wrong with them. */
const found = {
  asksForAKind: [] as string[],
  spellsAKind: [] as string[],
  printsAName: [] as string[],
  readsAName: [] as string[],
  casts: [] as string[],
  doubleCasts: [] as string[],
  withoutReason: [] as string[],
  readsABody: [] as string[],
}

for (const source of SOURCES.filter(({ file }) => !TESTS.test(file))) visit(source, visitor)

function visitor(reading: SourceReading): VisitorObject {
  const { file, text } = reading
  const asks = !OF_KINDS.test(file) && !EXAMPLES.test(file)
  // A kind of one word is a word of the language too: it counts where faults are spoken of.
  const speaksOfFaults = /\b(FaultKind|AnyFaultDefinition|faultKinds?|FAULTS)\b/.test(text)
  const names = !OF_NAMES.test(file) && !EXAMPLES.test(file) && !NAMES_OF_OTHERS.test(file)
  return {
    TSAsExpression(node) {
      const { typeAnnotation: type } = node
      if (reading.textOf(type) === 'const') return
      found.casts.push(reading.at(node))
      if (type.type !== 'TSUnknownKeyword') return
      found.doubleCasts.push(reading.at(node))
      const above = text.slice(0, node.start).split('\n').at(-2) ?? ''
      if (!above.trim().startsWith('//')) found.withoutReason.push(reading.at(node))
    },
    TemplateLiteral(node) {
      if (!names) return
      const printed = reading.textOf(node).slice(1, -1)
      const name = NAMES.find(([, pattern]) => pattern.test(printed))
      if (name !== undefined) found.printsAName.push(`${reading.at(node)}: ${name[0]}: ${printed}`)
    },
    CallExpression({ callee, arguments: [first], start, end }) {
      if (!names || callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      const takes = SPELLING.has(callee.property.name) || /ndexOf$/.test(callee.property.name)
      if (takes && first?.type === 'Literal' && SIGNS.has(first.value))
        found.readsAName.push(`${reading.at({ start, end })}: ${reading.textOf({ start, end })}`)
    },
    Literal(node) {
      const { value } = node
      if (names && 'regex' in node && TAKES_APART.test(node.regex.pattern))
        found.readsAName.push(`${reading.at(node)}: ${node.raw}`)
      if (!asks || typeof value !== 'string' || !KINDS.has(value)) return
      if (!value.includes('-') && !speaksOfFaults) return
      if (OTHERS.some(([, files, words]) => files.test(file) && words.includes(value))) return
      found.asksForAKind.push(`${reading.at(node)}: '${value}'`)
    },
    MemberExpression(node) {
      const { computed, property, object } = node
      const isText = computed && property.type === 'Literal' && typeof property.value === 'string'
      if (isText && /(^|\.)(body|request|answer)$/i.test(reading.textOf(object)))
        found.readsABody.push(reading.at(node))
      if (!asks || node.property.type !== 'Identifier' || !SPELLING.has(node.property.name)) return
      if (/(^|\.)kind$/.test(reading.textOf(node.object))) found.spellsAKind.push(reading.at(node))
    },
  }
}

describe('a kind of fault', () => {
  it('is asked for by name in its own files only', () => {
    expect(found.asksForAKind, 'make it a field of FaultDefinition (harness/core/faults/fault.ts)').toEqual(
      [],
    )
  })

  it('is known by its target and its family, not by how its name is spelt', () => {
    expect(found.spellsAKind).toEqual([])
  })
})

describe('a name', () => {
  it('of a record, event, request, link or process is printed by core/names alone', () => {
    expect(found.printsAName, 'print it with harness/core/names.ts').toEqual([])
  })

  it('is taken apart by core/names alone', () => {
    expect(found.readsAName, 'read it with harness/core/names.ts').toEqual([])
  })
})

describe('a body', () => {
  it('is read by the fields of its table, not by their names as text', () => {
    expect(found.readsABody, 'ask isRequestOf or isOf for its api, or type it by that').toEqual([])
  })
})

describe('casts', () => {
  it('do not become more', () => {
    const all = { all: found.casts.length, double: found.doubleCasts.length }
    expect(all, 'more: say it by a type instead; fewer: write the new numbers down').toEqual(CASTS)
  })

  it('by way of unknown have their reason in the line above', () => {
    expect(found.withoutReason, 'say why no type will do, or use a guard').toEqual([])
  })
})
