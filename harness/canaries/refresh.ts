import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { refreshFile } from '../check/refresh.ts'

/**
 * `npm run replays:refresh [TEXT]`: replays the committed replay files whose path holds TEXT, and
 * gives those that show the same violation the history of today. Exits with 1 where one does not:
 * that file stays as it is.
 */
const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios')

function replayFiles(text: string): string[] {
  return readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        name.endsWith('.json') && name.includes(text) && !/(^|\/)(npm|nest|node_modules)\//.test(name),
    )
    .filter((name) => readFileSync(path.join(SCENARIOS, name), 'utf8').includes('"historyHash"'))
    .sort()
}

async function main([text = '']: readonly string[]): Promise<number> {
  let refused = 0
  const renewed: string[] = []
  for (const name of replayFiles(text)) {
    const refreshed = await refreshFile(path.join(SCENARIOS, name)).catch((error: unknown) => ({
      outcome: 'refused' as const,
      why: error instanceof Error ? error.message : String(error),
    }))
    if (refreshed.outcome === 'refused') refused += 1
    if (refreshed.outcome === 'refreshed') renewed.push(path.join(SCENARIOS, name))
    const why = refreshed.outcome === 'refused' ? `: ${refreshed.why}` : ''
    process.stdout.write(`${refreshed.outcome.padEnd(10)} scenarios/${name}${why}\n`)
  }
  // Committed files are laid out as the linter wants them.
  const laidOut =
    renewed.length === 0 ||
    spawnSync('npx', ['biome', 'format', '--write', '--no-errors-on-unmatched', ...renewed]).status === 0
  if (!laidOut) process.stderr.write('biome format --write failed for the refreshed files\n')
  return refused === 0 && laidOut ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
