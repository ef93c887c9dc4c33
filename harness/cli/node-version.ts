/** As `engines` in package.json says; a test compares. */
export const NODE_NEEDED = '22.22'

/**
 * One sentence where this Node is too old to run the harness, else null. `version` is as
 * `process.version` gives it.
 */
export function nodeTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  const [majorNeeded = 0, minorNeeded = 0] = NODE_NEEDED.split('.').map(Number)
  if (major > majorNeeded || (major === majorNeeded && minor >= minorNeeded)) return null
  return `Node ${NODE_NEEDED} or later is needed, and this is ${version}; install a newer one, or type npm install --save-dev node@24 to have it in this project only`
}
