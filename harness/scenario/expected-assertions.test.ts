import { describe, expect, it } from 'vitest'
import { expectedAssertions } from './expected-assertions.ts'

const IMPORT = "import { always, sometimes, reachable } from 'onceover/assert'\n"

describe('assertions that must come true, as the code has them', () => {
  it.each([
    ["sometimes(tries > 1, 'a retry succeeded')", [['sometimes', 'a retry succeeded']]],
    ['assert.sometimes(f(a, [")"]), "it isn\'t odd", { a })', [['sometimes', "it isn't odd"]]],
    ["sometimes(\n  a === ',',\n  'spread over lines',\n)", [['sometimes', 'spread over lines']]],
    ["reachable('the slow way', { order })", [['reachable', 'the slow way']]],
    ['always(sum >= 0, `never below 0`)', [['always', 'never below 0']]],
    ["always(a, 'one'); always(b, 'one')", [['always', 'one']]],
    ["sometimes(a, 'it\\'s so')", [['sometimes', "it's so"]]],
    // What can't be known here is known when it is reached.
    ["sometimes(a, message); sometimes(b, 'order ' + id)", []],
    ["alwaysOrUnreachable(a, 'x'); unreachable('y')", []],
    ["// sometimes(a, 'x')\n/* reachable('y') */", []],
  ])('%s', (code, expected) => {
    expect(expectedAssertions([IMPORT + code]).map(({ assertion, message }) => [assertion, message])).toEqual(
      expected,
    )
  })

  it('functions of other packages have these names, too', () => {
    expect(expectedAssertions(["reachable('https://example.org')"])).toEqual([])
  })
})
