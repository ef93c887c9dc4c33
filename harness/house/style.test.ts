import { describe, expect, it } from 'vitest'
import { DOCUMENTS, SOURCES, type Source } from './repository.ts'

const WIDTH_MAX = 100

/** A line of a comment that can be broken: rows of tables, shown code and addresses cannot. */
const COMMENT = /^\s*(\/\*\*|\*|\/\/) (?!\||\s{3}|.*https?:)/

/** An interface, type or class of a file, exported or not. */
const TYPE = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class) (\w+)(?= |<)/gm
/** Examples, each of which is read by itself. */
const READ_ALONE = /^scenarios\//

/** The first words of a docstring. */
const DOCSTRING = /\/\*\*[\s*]+(.{1,60})/g
/**
 * First words that lean on the line below, where an editor shows a docstring alone: name the thing,
 * then the fact.
 */
const LEANS =
  /^(?:What|Who|Whom|Whose|Whoever|Which|It|They|Somebody|Nobody|The same (?:of|for|as)|Also|So that)\b/

/** Phrases that no English-speaking engineer writes, with what is meant. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\bnone any more\b/, 'a former …, deposed'],
  [/\bof then\b/, 'at that time'],
  [/\bof before\b/, 'former, older, last'],
  [/\bfor so long\b/, 'name the duration'],
  [/\banew\b/, 'again'],
  [/\ball the same\b/, 'still, nevertheless'],
  [/\bwhat is null\b/, 'null means …'],
  [/(?<=\. |\/\/ |\*\* )Who(?:ever)? (?![^.\n]*\?)/, 'name the actor: a member that …'],
]

/** Where code runs beside code under test, which may have replaced functions of JSON. */
const BESIDE_APPS =
  /^(?:harness\/(?:core|sim|run|check|search|scenario|kafka|clients|poll-loop|services|faults)|properties|reports)\//
const OF_JSON = /JSON\.(?:parse|stringify)\((?!value \?\?)/
const OUR_JSON = /\.test\.ts$|\/testing\/|^harness\/core\/json\.ts$/

/** Comments of a source, a line each, without their stars. */
function comments({ text }: Source): string {
  const found = text.match(/\/\*\*[\s\S]*?\*\/|\/\/ .*(?:\n\s*\/\/ .*)*/g) ?? []
  return found.map((each) => each.replace(/\s*\n\s*(?:\*|\/\/)\s*/g, ' ')).join('\n')
}

/** @returns `file: words` for each match */
function matches({ file }: Source, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => {
    const from = Math.max(0, match.index - 30)
    return `${file}: ${text.slice(from, match.index + match[0].length + 20)}`
  })
}

describe('the style', () => {
  it('has comments within 100 columns', () => {
    const wide = SOURCES.flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, at) => (COMMENT.test(line) && line.length > WIDTH_MAX ? [`${file}:${at + 1}`] : [])),
    )
    expect(wide, 'break the comment').toEqual([])
  })

  it('has docstrings that stand alone', () => {
    const leaning = SOURCES.flatMap(({ file, text }) =>
      [...text.matchAll(DOCSTRING)]
        .map(([, words = '']) => words)
        .filter((words) => LEANS.test(words))
        .map((words) => `${file}: ${words}`),
    )
    expect(leaning, 'name the thing, then the fact').toEqual([])
  })

  it.each(PHRASES)('has no comment or document with %s, but: %s', (pattern) => {
    const found = [
      ...SOURCES.flatMap((source) => matches(source, comments(source), pattern)),
      ...DOCUMENTS.flatMap((document) => matches(document, document.text, pattern)),
    ].filter((each) => !each.startsWith('harness/house/'))
    expect(found).toEqual([])
  })

  it('asks harness/core/json.ts for texts of values, and values of texts', () => {
    const sources = SOURCES.filter(({ file }) => BESIDE_APPS.test(file) && !OUR_JSON.test(file))
    expect(sources.length).toBeGreaterThan(500)
    const found = sources.flatMap((source) => matches(source, source.text, OF_JSON))
    expect(found, 'write jsonText or jsonValue').toEqual([])
  })

  it('has one meaning for each name of a type, tests and types of one file included', () => {
    const places = new Map<string, string[]>()
    for (const { file, text } of SOURCES.filter(({ file }) => !READ_ALONE.test(file))) {
      for (const [, name = ''] of text.matchAll(TYPE)) {
        places.set(name, [...(places.get(name) ?? []), file])
      }
    }
    const several = [...places].filter(([, files]) => files.length > 1)
    expect(places.size).toBeGreaterThan(1_500)
    expect(several, 'say in the name what tells it apart from the other').toEqual([])
  })
})
