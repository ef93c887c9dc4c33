import { describe, expect, it } from 'vitest'
import { SOURCES } from './repository.ts'

const WIDTH_MAX = 100
/** Folders whose comments are still wider. */
const WIDE = /^harness\/(kafka|fidelity)\//

/** A line of a comment that can be broken: rows of tables, shown code and addresses cannot. */
const COMMENT = /^\s*(\/\*\*|\*|\/\/) (?!\||\s{3}|.*https?:)/

describe('the style', () => {
  it('has comments within 100 columns', () => {
    const wide = SOURCES.filter(({ file }) => !WIDE.test(file)).flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, at) => (COMMENT.test(line) && line.length > WIDTH_MAX ? [`${file}:${at + 1}`] : [])),
    )
    expect(wide, 'break the comment').toEqual([])
  })
})
