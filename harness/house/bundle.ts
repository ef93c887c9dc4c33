import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, type OutputFile, type Plugin } from 'esbuild'

/**
 * Puts the modules of the build together into a few: to find and open 950 files takes longer than
 * a check of one schedule. What knows its own place (`import.meta`) stays as it is; `sim`, which is
 * told apart by its files in stacks, becomes a few files of its own in its folder.
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
  'harness/services/postgres/server/thread.js',
]
const KEPT = 'kept:'

const files = globSync('{harness,properties,reports}/**/*.js', { cwd: DIST })
const built = new Set(files)
const textOf = (file: string): string => readFileSync(path.join(DIST, file), 'utf8')
const SIM = 'harness/sim'
const inSim = new Set(files.filter((file) => file.startsWith(`${SIM}/`)))
const kept = new Set(files.filter((file) => !inSim.has(file) && textOf(file).includes('import.meta')))
const others = new Set(files.filter((file) => !inSim.has(file) && !kept.has(file)))

/** The modules that one of the build imports by relative paths, below `DIST`. */
function importsOf(file: string): readonly string[] {
  const names = [...textOf(file).matchAll(/(?:from|import)[ (]'(\.[^']*)'/g)]
  return names.map(([, name = '']) => path.join(path.dirname(file), name))
}

/** Modules of `part` that others import, or that are found by their paths. */
function entriesOf(part: ReadonlySet<string>): readonly string[] {
  const outside = files.filter((file) => !part.has(file))
  return [...new Set([...STARTED, ...outside.flatMap(importsOf)])].filter((file) => part.has(file))
}

/** Paths of modules outside `part` depend on the file that imports them, which is made later. */
function leaveOthers(part: ReadonlySet<string>): Plugin {
  return {
    name: 'others',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
        const file = path.relative(DIST, path.join(resolveDir, name))
        // A package's own modules are not of the build.
        return part.has(file) || !built.has(file) ? null : { path: `${KEPT}${file}`, external: true }
      })
    },
  }
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

/** The modules of `part` as a few files, those that others need under their own names. */
async function together(part: ReadonlySet<string>, chunkNames: string): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    entryPoints: entriesOf(part).map((file) => path.join(DIST, file)),
    outdir: DIST,
    outbase: DIST,
    chunkNames,
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    plugins: [leaveOthers(part), leavePackages],
  })
  return outputFiles
}

/** With the real paths of what stays outside. */
function placed({ path: file, text }: OutputFile): string {
  return text.replace(new RegExp(`"${KEPT}([^"]*)"`, 'g'), (_, name: string) => {
    const relative = path.relative(path.dirname(file), path.join(DIST, name))
    return JSON.stringify(relative.startsWith('.') ? relative : `./${relative}`)
  })
}

const made = [
  ...(await together(others, 'harness/[name]-[hash]')),
  ...(await together(inSim, `${SIM}/[name]-[hash]`)),
]
for (const file of [...others, ...inSim]) rmSync(path.join(DIST, file))
for (const file of made) writeFileSync(file.path, placed(file))
console.log(`${files.length} modules became ${kept.size + made.length}`)
