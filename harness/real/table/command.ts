import { UsageError } from '../../core/errors.ts'
import { ToolUsageError } from '../../fidelity/tool.ts'

const WRONG_USE = 3

/**
 * Runs a command with the arguments of this process, and ends it with the exit code that it gives;
 * with 3 and one sentence where it is used wrongly.
 * @param name before the sentence
 */
export async function runCommand(name: string, command: (args: string[]) => Promise<number>): Promise<never> {
  try {
    process.exit(await command(process.argv.slice(2)))
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ToolUsageError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(WRONG_USE)
  }
}
