import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * Puts the modules of the build together into a few: to find and open 700 files takes longer than
 * a check of one schedule. Some stay as they are: what knows its own place (`import.meta`), and
 * `sim`, which is told apart by its files in stacks.
 */
const DIST = path.resolve(import.meta.dirname, '../../dist')
const MANIFEST = readFileSync(path.join(DIST, '../package.json'), 'utf8')
/** Modules that are found by their paths: what users import and run, threads, processes. */
const STARTED = [
  ...[...MANIFEST.matchAll(/"\.\/dist\/(harness\/[^"]*\.js)"/g)].map(([, file = '']) => file),
  'harness/embedded/check.js',
  'harness/check/workers/worker.js',
  'harness/cli/watchdog/thread.js',
  'harness/real/processes/child.js',
]
const KEPT = 'kept:'

const files = globSync('{harness,properties,reports}/**/*.js', { cwd: DIST })
const textOf = (file: string): string => readFileSync(path.join(DIST, file), 'utf8')
const kept = new Set(
  files.filter((file) => file.startsWith('harness/sim/') || textOf(file).includes('import.meta')),
)
const bundled = new Set(files.filter((file) => !kept.has(file)))

/** The modules that one of the build imports by relative paths, below `DIST`. */
function importsOf(file: string): readonly string[] {
  const names = [...textOf(file).matchAll(/(?:from|import)[ (]'(\.[^']*)'/g)]
  return names.map(([, name = '']) => path.join(path.dirname(file), name))
}

const entries = new Set([...STARTED, ...[...kept].flatMap(importsOf)])

/** Their paths depend on the file that they are imported from, which is made later. */
const leaveKept: Plugin = {
  name: 'kept',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
      const file = path.relative(DIST, path.join(resolveDir, name))
      return kept.has(file) ? { path: `${KEPT}${file}`, external: true } : null
    })
  },
}

/**
 * Of zod's modules a check needs a few; the package loads all, messages in 50 languages among them.
 */
const BUNDLED_PACKAGES = ['zod']
const leavePackages: Plugin = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || BUNDLED_PACKAGES.includes(name) ? null : { path: name, external: true },
    )
  },
}

const { outputFiles } = await build({
  entryPoints: [...entries].filter((file) => bundled.has(file)).map((file) => path.join(DIST, file)),
  outdir: DIST,
  outbase: DIST,
  chunkNames: 'harness/[name]-[hash]',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  plugins: [leaveKept, leavePackages],
})
for (const file of bundled) rmSync(path.join(DIST, file))
for (const { path: file, text } of outputFiles) {
  const from = path.dirname(file)
  const placed = text.replace(new RegExp(`"${KEPT}([^"]*)"`, 'g'), (_, name: string) => {
    const relative = path.relative(from, path.join(DIST, name))
    return JSON.stringify(relative.startsWith('.') ? relative : `./${relative}`)
  })
  writeFileSync(file, placed)
}
console.log(`${files.length} modules became ${kept.size + outputFiles.length}`)
