/** As `engines` in package.json has it. Loaded by any Node: nothing else may be imported here. */
const NEEDED = '22.22'

/** The complaint on a Node that is too old to run Onceover, or null. */
export function oldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [neededMajor = 0, neededMinor = 0] = NEEDED.split('.').map(Number)
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return null
  return `onceover needs Node ${NEEDED} or later, and this is ${version}; to have one in this project: npm install --save-dev node@24`
}
