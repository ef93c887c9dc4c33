import { stripVTControlCharacters } from 'node:util'
import type { OutputLine } from '../core/output.ts'

type Printed = Omit<OutputLine, 'text'>

/** Cuts what processes print into lines. */
export class OutputLines {
  readonly #told: (line: OutputLine) => void
  /** Beginnings of lines, by process and stream. */
  readonly #begun: Map<string, string> = new Map()

  constructor(told: (line: OutputLine) => void) {
    this.#told = told
  }

  print(printed: Printed, text: string): void {
    const key = `${printed.process} ${printed.stream}`
    const lines = `${this.#begun.get(key) ?? ''}${text}`.split(/\r?\n/)
    this.#begun.set(key, lines.pop() ?? '')
    for (const line of lines) this.#tell(printed, line)
  }

  #tell(printed: Printed, line: string): void {
    const text = stripVTControlCharacters(line).trimEnd()
    if (text !== '') this.#told({ ...printed, text })
  }
}
