import path from 'node:path'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
/** The files that every check and every test loads. */
const ENTRIES = ['harness/cli/program.ts', 'harness/cli/check-command.ts', 'harness/vitest/index.ts']
/** Defaults and types, which need nothing. */
const SETTINGS = 'harness/real/settings.ts'

it('is loaded by nobody who does not ask for a real cluster', async () => {
  const { metafile } = await build({
    entryPoints: ENTRIES,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    packages: 'external',
    conditions: ['onceover-source'],
    platform: 'node',
    format: 'esm',
    outdir: 'nowhere',
    write: false,
    metafile: true,
  })
  const loaded = new Set<string>()
  const load = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { path: next, kind } of metafile.inputs[file]?.imports ?? [])
      if (kind === 'import-statement') load(next)
  }
  ENTRIES.forEach(load)
  expect([...loaded].filter((file) => file.startsWith('harness/real/') && file !== SETTINGS)).toEqual([])
  expect(loaded).toContain('harness/check/check.ts')
  expect(loaded).not.toContain('toxiproxy-node-client')
})
