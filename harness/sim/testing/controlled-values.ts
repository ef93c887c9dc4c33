import { watchLeaks } from '../leaks.ts'
import { inProcess } from './room.ts'

// Functions of Node are imported after they are replaced.
await inProcess(() => {})
const { CONTROLLED } = await import('./controlled.ts')

/** The value that each gave in a run of its own, and the real work that it began. */
export async function controlledValues(): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, work] of Object.entries(CONTROLLED)) {
    const leaks = watchLeaks()
    const log = await inProcess(async ({ say }) => say(String(await work()))).catch(String)
    leaks.stop()
    values[name] = [log, ...leaks.names()].flat().join('\n')
  }
  return values
}

/** `node controlled-values.ts` prints them as JSON. */
if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await controlledValues()))
