import { describe, expect, it } from 'vitest'
import { functionsOf, LONG_LINES, TESTS } from './functions.ts'
import { SOURCES } from './repository.ts'

/** Examples, which are read whole. */
const EXAMPLES = /^scenarios\//

/** Functions that may be longer, each with the reason: it would be harder to read in parts. */
const LONGER: readonly (readonly [file: string, name: string, reason: string])[] = [
  ['harness/run/world.ts', 'constructor', 'wires a run: each part needs those before it'],
  ['harness/kafka/cluster.ts', 'createAdmin', 'one table: a line for each operation of ClusterAdmin'],
  [
    'harness/fidelity/java-consumer/loop-remote.ts',
    '#run',
    'one switch over calls, as ConsumerServer.java has it',
  ],
]

const long = SOURCES.filter(({ file }) => !TESTS.test(file) && !EXAMPLES.test(file)).flatMap((source) =>
  functionsOf(source)
    .filter(({ lines }) => lines > LONG_LINES)
    .map((each) => ({ ...each, file: source.file })),
)

function isListed({ file, firstLine }: (typeof long)[number]): boolean {
  return LONGER.some(([where, name]) => where === file && firstLine.includes(name))
}

describe('functions', () => {
  it(`have no more than ${LONG_LINES} lines of code, with few exceptions`, () => {
    const wrong = long.filter((each) => !isListed(each)).map(({ at, lines }) => `${at}: ${lines} lines`)
    expect(wrong, 'take a part that has a name out of it').toEqual([])
  })

  it('are no exception any longer than they need it', () => {
    const needless = LONGER.filter(
      ([where, name]) => !long.some(({ file, firstLine }) => file === where && firstLine.includes(name)),
    )
    expect(needless, 'take it off the list').toEqual([])
  })
})
