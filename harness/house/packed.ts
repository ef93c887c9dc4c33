import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { manifest, RESOLUTIONS, SCENARIO, SERVICE, typesProject } from './packed-projects.ts'
import { ROOT } from './repository.ts'

/**
 * `npm run packed`: packs the package, and uses it from an empty folder as a stranger would: as ES
 * modules, CommonJS and TypeScript, by the command line, by `check` and by the README's own files.
 * Dependencies are those of this checkout, by links: nothing is fetched. Ends with 1 where anything
 * is not as it should be.
 */
const FOLDER = mkdtempSync(path.join(tmpdir(), 'onceover-packed-'))
const TYPESCRIPT_5 = path.join(ROOT, '.ci/typescript-5/node_modules/typescript')
const PACKAGED = path.join(FOLDER, 'node_modules/onceover')

interface RanCommand {
  readonly status: number | null
  readonly text: string
}

function run(command: string, args: readonly string[], cwd: string): RanCommand {
  // What this process was told by npm or a condition is none of the stranger's business.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', TZ: 'Asia/Tokyo' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env })
  return { status, text: `${stdout}${stderr}` }
}

const node = (args: readonly string[], cwd: string): RanCommand => run(process.execPath, args, cwd)

/** The files of a project below `FOLDER`, which finds packages in `FOLDER/node_modules`. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(FOLDER, name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  return folder
}

function pack(): void {
  const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', FOLDER], ROOT)
  if (packed.status !== 0) throw new Error(packed.text)
  mkdirSync(PACKAGED, { recursive: true })
  const { version } = manifest()
  const unpacked = run(
    'tar',
    ['xzf', `onceover-${version}.tgz`, '-C', PACKAGED, '--strip-components=1'],
    FOLDER,
  )
  if (unpacked.status !== 0) throw new Error(unpacked.text)
  // Nothing but what the package asks for, its peers, and what a TypeScript project has.
  const { dependencies, peerDependencies } = manifest()
  const platform = [
    `@esbuild/${process.platform}-${process.arch}`,
    '@types/node',
    'undici-types',
    'typescript',
  ]
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...platform]) {
    const place = path.join(FOLDER, 'node_modules', name)
    mkdirSync(path.dirname(place), { recursive: true })
    symlinkSync(path.join(ROOT, 'node_modules', name), place)
  }
}

/** Each claim, and what is wrong with it; null: nothing. */
const CLAIMS: Readonly<Record<string, () => string | null>> = {
  'the README’s files, copied as they stand: the story that the README shows'() {
    const readme = readFileSync(path.join(PACKAGED, 'README.md'), 'utf8')
    const blocks = [...readme.matchAll(/```ts\n\/\/ (scenarios\/orders\/\S+)\n([\s\S]*?)```/g)]
    const files = Object.fromEntries(blocks.map(([, file = '', text = '']) => [path.basename(file), text]))
    const folder = project('readme', { ...files, 'package.json': '{ "type": "module" }' })
    const bin = path.join(PACKAGED, 'dist/harness/cli/main.js')
    const { status, text } = node([bin, 'check', 'orders.scenario.ts', '--seed', '5'], folder)
    const [shown = ''] = /^✗[\s\S]*?(?=\n\s+Found after)/m.exec(readme) ?? []
    return status === 1 && shown !== '' && text.includes(shown) ? null : `${status}: ${text}`
  },
  'import: check gives a verdict, and the process ends by itself'() {
    const folder = project('esm', {
      'package.json': '{ "type": "module" }',
      'service.cjs': SERVICE,
      'main.js': `import { atLeastOnce, check, defineScenario } from 'onceover'
const { verdict } = await check(defineScenario(${SCENARIO}), { runs: 5 })
console.log(verdict)`,
    })
    const { status, text } = node(['main.js'], folder)
    return status === 0 && text === 'held\n' ? null : `${status}: ${text}`
  },
  'require: check gives a verdict, from the same modules as import'() {
    const folder = project('commonjs', {
      'package.json': '{}',
      'service.cjs': SERVICE,
      'main.js': `const onceover = require('onceover')
const { atLeastOnce, check, defineScenario } = onceover
const { serve } = require('onceover/serve')
check(defineScenario(${SCENARIO}), { runs: 5 }).then(async ({ verdict }) => {
  const { always } = require('onceover/assert')
  console.log(verdict, typeof serve, typeof always, (await import('onceover')).check === check)
})`,
    })
    const { status, text } = node(['main.js'], folder)
    return status === 0 && text === 'held function function true\n' ? null : `${status}: ${text}`
  },
  'fast-check, by import and by require: a property of one’s own over our schedules'() {
    const main = `const scenario = defineScenario(${SCENARIO})
const holds = async (schedule) => (await outcomeOf(scenario, schedule)).verdict === 'held'
const check = async () => fc.check(fc.asyncProperty(await schedules(scenario), holds), { numRuns: 5 })
check().then(({ failed, numRuns }) => console.log(failed, numRuns))`
    const folder = project('fast-check', {
      'service.cjs': SERVICE,
      'main.mjs': `import fc from 'fast-check'
import { atLeastOnce, defineScenario } from 'onceover'
import { outcomeOf, schedules } from 'onceover/fast-check'
${main}`,
      'main.cjs': `const fc = require('fast-check')
const { atLeastOnce, defineScenario } = require('onceover')
const { outcomeOf, schedules } = require('onceover/fast-check')
${main}`,
    })
    const ran = ['main.mjs', 'main.cjs'].map((file) => node([file], folder))
    return ran.every(({ status, text }) => status === 0 && text === 'false 5\n') ? null : JSON.stringify(ran)
  },
  'types for require name what the module exports'() {
    const folder = project('names', {
      'main.mjs': `import * as all from 'onceover'
import * as assert from 'onceover/assert'
import * as fastCheck from 'onceover/fast-check'
import * as http from 'onceover/http'
import * as redis from 'onceover/redis'
import * as serve from 'onceover/serve'
console.log(JSON.stringify([all, assert, fastCheck, http, redis, serve].map((each) => Object.keys(each))))`,
    })
    const { text } = node(['main.mjs'], folder)
    const declared = ['index', 'assert', 'fast-check', 'http', 'redis', 'serve'].map((name) => {
      const types = readFileSync(path.join(PACKAGED, `commonjs/${name}.d.cts`), 'utf8')
      return [...types.matchAll(/declare const (\w+)/g)].map(([, each]) => each)
    })
    return isDeepStrictEqual(JSON.parse(text), declared) ? null : `${text} and ${JSON.stringify(declared)}`
  },
  'esbuild’s platform packages are of the version whose code is in the package'() {
    const { optionalDependencies, devDependencies } = manifest()
    const esbuild = JSON.parse(
      readFileSync(path.join(ROOT, 'node_modules/esbuild/package.json'), 'utf8'),
    ) as {
      readonly version: string
      readonly optionalDependencies: Readonly<Record<string, string>>
    }
    const same =
      devDependencies['esbuild'] === esbuild.version &&
      isDeepStrictEqual(optionalDependencies, esbuild.optionalDependencies)
    return same ? null : 'write into package.json what node_modules/esbuild/package.json says'
  },
  'files that the README names are in the package'() {
    const readme = readFileSync(path.join(PACKAGED, 'README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\(([^):#\s]+)(?:#[^)]*)?\)/g)].map(([, name = '']) => name)
    const missing = links.filter((name) => !existsSync(path.join(PACKAGED, name)))
    return missing.length === 0 && links.length > 0 ? null : missing.join(', ')
  },
  ...resolutions(),
}

/** A stranger's `tsc` over our types, whichever way it finds them. */
function resolutions(): Record<string, () => string | null> {
  const claims = RESOLUTIONS.map(({ typescript, module, resolution, type }, index) => {
    const name = `types: TypeScript ${typescript}, module ${module}, moduleResolution ${resolution}, type ${type}`
    const claim = (): string | null => {
      const compiler = typescript === 7 ? path.join(ROOT, 'node_modules/typescript') : TYPESCRIPT_5
      if (!existsSync(compiler)) return SKIPPED
      const folder = project(`types-${index}`, typesProject({ module, resolution, type }))
      const { status, text } = node([path.join(compiler, 'bin/tsc'), '-p', '.'], folder)
      return status === 0 ? null : text
    }
    return [name, claim] as const
  })
  return Object.fromEntries(claims)
}

const SKIPPED =
  'skipped: no TypeScript 5; type npm install --no-save --no-package-lock --prefix .ci/typescript-5 typescript@5.9'

let failures = 0
try {
  pack()
  for (const [name, claim] of Object.entries(CLAIMS)) {
    const wrong = claim()
    if (wrong !== null && wrong !== SKIPPED) failures += 1
    process.stdout.write(
      wrong === null
        ? `ok    ${name}\n`
        : wrong === SKIPPED
          ? `      ${name}: ${wrong}\n`
          : `WRONG ${name}\n${wrong}\n`,
    )
  }
} finally {
  rmSync(FOLDER, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1
