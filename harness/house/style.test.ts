import { describe, expect, it } from 'vitest'
import { SOURCES } from './repository.ts'

const WIDTH_MAX = 100
/** Folders whose comments are still wider. */
const WIDE = /^harness\/(kafka|fidelity)\//

/** A line of a comment that can be broken: rows of tables, shown code and addresses cannot. */
const COMMENT = /^\s*(\/\*\*|\*|\/\/) (?!\||\s{3}|.*https?:)/

/** An exported interface, type or class. */
const EXPORTED_TYPE = /^export (?:abstract )?(?:interface|type|class) (\w+)/gm

describe('the style', () => {
  it('has comments within 100 columns', () => {
    const wide = SOURCES.filter(({ file }) => !WIDE.test(file)).flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, at) => (COMMENT.test(line) && line.length > WIDTH_MAX ? [`${file}:${at + 1}`] : [])),
    )
    expect(wide, 'break the comment').toEqual([])
  })

  it('has one meaning for each name of an exported type', () => {
    const places = new Map<string, string[]>()
    for (const { file, text } of SOURCES) {
      for (const [, name = ''] of text.matchAll(EXPORTED_TYPE)) {
        places.set(name, [...(places.get(name) ?? []), file])
      }
    }
    const several = [...places].filter(([, files]) => files.length > 1)
    expect(places.size).toBeGreaterThan(500)
    expect(several, 'say in the name what tells it apart from the other').toEqual([])
  })
})
