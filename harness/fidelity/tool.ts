import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Prints one line. */
export type Print = (line: string) => void

/** Exit codes of the tools: equal, different without a reason, wrong use. */
export const EXIT = { equal: 0, different: 1, wrongUse: 3 } as const
export type ToolExit = (typeof EXIT)[keyof typeof EXIT]

/** Options that a tool doesn't have, or not with this value. */
export class ToolUsageError extends Error {}

/** The options of a tool. @throws ToolUsageError */
export function optionsOf<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>>['values'] {
  return argumentsOf(config).values
}

/** The options of a tool, and what is named beside them. @throws ToolUsageError */
export function argumentsOf<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new ToolUsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Runs a tool with the arguments of this process, and ends it with the tool's exit code. */
export async function runTool(
  tool: (args: readonly string[], print: Print) => Promise<ToolExit>,
): Promise<never> {
  try {
    process.exit(await tool(process.argv.slice(2), (line) => console.log(line)))
  } catch (error) {
    if (!(error instanceof ToolUsageError)) throw error
    console.error(error.message)
    process.exit(EXIT.wrongUse)
  }
}
