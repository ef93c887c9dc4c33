import { stripVTControlCharacters } from 'node:util'
import type { OutputLine } from '../core/output.ts'

type Printed = Omit<OutputLine, 'text'>

/** Cuts what processes print into lines. */
export class OutputLines {
  readonly #told: (line: OutputLine) => void
  /** Lines without an end, by process and stream. */
  readonly #begun: Map<string, OutputLine> = new Map()

  constructor(told: (line: OutputLine) => void) {
    this.#told = told
  }

  print(printed: Printed, text: string): void {
    const key = `${printed.process} ${printed.stream}`
    const lines = `${this.#begun.get(key)?.text ?? ''}${text}`.split(/\r?\n/)
    this.#begun.set(key, { ...printed, text: lines.pop() ?? '' })
    for (const line of lines) this.#tell(printed, line)
  }

  /** The process has ended; without a process, the run: a line that was begun is a line. */
  end(process?: string): void {
    for (const [key, { text, ...printed }] of this.#begun) {
      if (process !== undefined && printed.process !== process) continue
      this.#begun.delete(key)
      this.#tell(printed, text)
    }
  }

  #tell(printed: Printed, line: string): void {
    const text = stripVTControlCharacters(line).trimEnd()
    if (text !== '') this.#told({ ...printed, text })
  }
}
