import { ASSERTIONS, type ExpectedAssertion, mustComeTrue } from '../core/assertion.ts'

const NAMES = ASSERTIONS.filter(mustComeTrue)
const CALL = new RegExp(`\\b(${NAMES.join('|')})\\s*\\(`, 'g')
const IMPORT = /['"]onceover\/assert['"]/
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g
const LITERAL = /^\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.)*)`)\s*$/

/**
 * Assertions that must come true once, as the app's own files have them: of what is never reached
 * nothing else tells. Only where the message is a literal; of others, what is reached counts.
 *
 * A scanner of calls, and not a syntax tree: at run time the package has esbuild, which prints no
 * tree, and a parser of TypeScript as a dependency of every user would serve this alone. A call
 * that is missed here, such as one under another name, counts once it is reached.
 */
export function expectedAssertions(sources: readonly string[]): readonly ExpectedAssertion[] {
  const found = new Map<string, ExpectedAssertion>()
  for (const source of sources.filter((each) => IMPORT.test(each))) {
    const code = source.replaceAll(COMMENTS, '')
    for (const { 1: name, index, 0: head } of code.matchAll(CALL)) {
      const assertion = NAMES.find((each) => each === name)
      if (assertion === undefined) continue
      const args = argumentsAt(code, index + head.length)
      const message = literalOf(args[assertion === 'reachable' ? 0 : 1])
      if (message !== null) found.set(`${assertion} ${message}`, { assertion, message })
    }
  }
  return [...found.values()]
}

function literalOf(text: string | undefined): string | null {
  const [, single, double, template] = LITERAL.exec(text ?? '') ?? []
  const raw = single ?? double ?? template
  return raw === undefined ? null : raw.replaceAll(/\\(.)/g, '$1')
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** The texts of the arguments of a call, from behind its opening bracket. */
function argumentsAt(code: string, start: number): readonly string[] {
  const args: string[] = []
  const open: string[] = []
  let quote = ''
  let from = start
  for (let at = start; at < code.length; at += 1) {
    const letter = code[at] ?? ''
    if (quote !== '') {
      if (letter === '\\') at += 1
      else if (letter === quote) quote = ''
    } else if (letter === "'" || letter === '"' || letter === '`') quote = letter
    else if (CLOSING[letter] !== undefined) open.push(CLOSING[letter])
    else if (letter === open.at(-1)) open.pop()
    else if (open.length === 0 && (letter === ',' || letter === ')')) {
      args.push(code.slice(from, at))
      from = at + 1
      if (letter === ')') break
    }
  }
  return args
}
