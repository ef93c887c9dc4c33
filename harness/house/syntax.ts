import { parseSync, Visitor, type VisitorObject } from 'oxc-parser'
import type { Source } from './repository.ts'

/** Where a node stands, as `file:line`, and its text. */
export interface SourceReading {
  readonly file: string
  /** Text of the whole file. */
  readonly text: string
  at(node: Span): string
  textOf(node: Span): string
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Parses the source, and calls the visitor with each of its nodes. */
export function visit({ file, text }: Source, visitorOf: (reading: SourceReading) => VisitorObject): void {
  const { program, errors } = parseSync(file, text)
  const [error] = errors
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}`)
  const reading: SourceReading = {
    file,
    text,
    at: ({ start }) => `${file}:${text.slice(0, start).split('\n').length}`,
    textOf: ({ start, end }) => text.slice(start, end),
  }
  new Visitor(visitorOf(reading)).visit(program)
}

export type { VisitorObject } from 'oxc-parser'
