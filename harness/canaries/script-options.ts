import { type ParseArgsConfig, parseArgs } from 'node:util'
import { usage } from '../check/option-values.ts'
import type { UsageError } from '../core/errors.ts'

const WRONG_USE = 3

/** The options of a script. Where they are wrong it ends with one sentence and exit code 3. */
export function scriptOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  script: string,
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options }>>['values'] {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    const names = Object.keys(options).map((name) => `--${name}`)
    return endWrongUse(script, usage(`${why}; it has ${names.join(', ')}`))
  }
}

/** One sentence, and exit code 3. */
export function endWrongUse(script: string, { message }: UsageError): never {
  console.error(`${script}: ${message}`)
  process.exit(WRONG_USE)
}
