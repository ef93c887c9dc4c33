import { describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../core/fault.ts'
import { SOURCES } from './repository.ts'
import { type SourceReading, type VisitorObject, visit } from './syntax.ts'

const KINDS: ReadonlySet<string> = new Set(FAULT_KINDS)

/** Where a kind of fault is defined, and where it acts. */
const OF_KINDS = /^harness\/(core\/faults|faults|real\/faults)\//
/** Tests and examples write schedules down; they ask nothing. */
const EXAMPLES = /\.test\.ts$|\/testing\/|^scenarios\/|^harness\/(bench|house)\/|^harness\/real\/leg\.ts$/

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

/** Places that were found, by what is wrong with them. */
const found: Record<'asksForAKind' | 'spellsAKind', string[]> = { asksForAKind: [], spellsAKind: [] }

for (const source of SOURCES) visit(source, visitor)

function visitor(reading: SourceReading): VisitorObject {
  const { file, text } = reading
  const asks = !OF_KINDS.test(file) && !EXAMPLES.test(file)
  // A kind of one word is a word of the language too: it counts where faults are spoken of.
  const speaksOfFaults = /\b(FaultKind|AnyFaultDefinition|faultKinds?|FAULTS)\b/.test(text)
  return {
    Literal(node) {
      const { value } = node
      if (!asks || typeof value !== 'string' || !KINDS.has(value)) return
      if (!value.includes('-') && !speaksOfFaults) return
      if (OTHERS.some(([, files, words]) => files.test(file) && words.includes(value))) return
      found.asksForAKind.push(`${reading.at(node)}: '${value}'`)
    },
    MemberExpression(node) {
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
