import type { Source } from './repository.ts'
import { type SourceReading, visit } from './syntax.ts'

/**
 * A function of more lines than these is a question to answer. The linter asks it too, of examples
 * and test helpers as well, but leaves out some lines.
 */
export const LONG_LINES = 60

/** Code is apart from tests: files named `.test.ts`, or in a folder `testing`. */
export const TESTS: RegExp = /\.test\.ts$|\/testing\//

export interface MeasuredFunction {
  /** `file:line` */
  readonly at: string
  /** The line in which it begins: with its name, if it has one. */
  readonly firstLine: string
  readonly lines: number
}

/** Lines of code: neither blank nor all comment. */
export function linesOf(text: string): number {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

/** All functions of a source with their lines, those inside others too. */
export function functionsOf(source: Source): MeasuredFunction[] {
  const found: MeasuredFunction[] = []
  visit(source, (reading: SourceReading) => {
    const measure = (node: Parameters<SourceReading['textOf']>[0]): void => {
      const [line = ''] = source.text.slice(source.text.lastIndexOf('\n', node.start) + 1).split('\n')
      found.push({ at: reading.at(node), firstLine: line.trim(), lines: linesOf(reading.textOf(node)) })
    }
    return { FunctionDeclaration: measure, FunctionExpression: measure, ArrowFunctionExpression: measure }
  })
  return found
}
