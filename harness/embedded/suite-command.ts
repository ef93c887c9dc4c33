import path from 'node:path'
import { shellWord } from '../check/replay-command.ts'

/**
 * A scenario that is defined in a test file is replayed by that test: what to type, as far as the
 * environment tells which runner it is.
 */
export function suiteCommand(written: string, testFile: string): string {
  const test = shellWord(path.relative(process.cwd(), testFile))
  const { env } = process
  const runner =
    env['JEST_WORKER_ID'] !== undefined
      ? `npx jest ${test}`
      : env['NODE_TEST_CONTEXT'] !== undefined
        ? `node --test ${test}`
        : `the command that runs ${test}`
  return `ONCEOVER_REPLAY=${shellWord(written)} ${runner}`
}
