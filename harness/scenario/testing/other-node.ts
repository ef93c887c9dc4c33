import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** A Node 22, where there is one: `.ci/run` installs it. */
export const node22 =
  process.env['ONCEOVER_NODE_22'] ?? path.resolve('.ci/node-22/node_modules/node/bin/node')

/** The JSON that a script of this folder prints, run by that Node and without vitest. */
export function printedBy(node: string, script: string): string[] {
  const { NODE_ENV, VITEST, ...env } = process.env
  const output = execFileSync(
    node,
    [
      '--experimental-strip-types',
      '--no-warnings',
      '--conditions=onceover-source',
      path.join(import.meta.dirname, script),
    ],
    { encoding: 'utf8', env },
  )
  return JSON.parse(output) as string[]
}
