import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { manifest, RESOLUTIONS, SCENARIO, SERVICE, typesProject } from './packed-projects.ts'
import { ROOT } from './repository.ts'

/**
 * `npm run managers`: packs the package, and installs it into an empty folder with npm, pnpm, Yarn
 * 1 and Yarn 4 (with and without Plug'n'Play), as a stranger would: each must end without an error,
 * and the package must work as ES modules, CommonJS, from the command line, and for TypeScript
 * under every `moduleResolution`. Packages come from the registry. Ends with 1 where anything is
 * not so.
 */
const FOLDER = mkdtempSync(path.join(tmpdir(), 'onceover-managers-'))
const TOOLS = ['pnpm', 'yarn', '@yarnpkg/cli-dist']
const TYPESCRIPT_5 = 'typescript-5'

interface RanStep {
  readonly status: number | null
  readonly text: string
}

/** A stranger has none of the variables that npm gave to this process. */
const PLAIN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPT/i.test(name)),
)

function run(command: string, args: readonly string[], cwd: string): RanStep {
  const env = {
    ...PLAIN,
    PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: FOLDER,
    ...{ NO_COLOR: '1', CI: 'true', YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
  }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env })
  return { status, text: `${stdout}${stderr}` }
}

const tool = (name: string): string => path.join(FOLDER, 'tools/node_modules', name)
const node = (args: readonly string[], cwd: string): RanStep => run(process.execPath, args, cwd)

interface PackageManager {
  readonly settings?: Readonly<Record<string, string>>
  install(cwd: string): RanStep
  /** Runs Node as the manager has it see the packages. */
  node(args: readonly string[], cwd: string): RanStep
  /** A command of a package. */
  exec(args: readonly string[], cwd: string): RanStep
  /** Whether TypeScript finds packages: version 7 and a second version know no Plug'n'Play. */
  readonly types: boolean
}

const berry = (linker: string): PackageManager => {
  const yarn = (args: readonly string[], cwd: string): RanStep =>
    node([tool('@yarnpkg/cli-dist/bin/yarn.js'), ...args], cwd)
  return {
    settings: { '.yarnrc.yml': `nodeLinker: ${linker}\nenableGlobalCache: false\n`, 'yarn.lock': '' },
    install: (cwd) => yarn(['install'], cwd),
    node: (args, cwd) => yarn(['node', ...args], cwd),
    exec: (args, cwd) => yarn(['run', ...args], cwd),
    types: linker !== 'pnp',
  }
}

const MANAGERS: Readonly<Record<string, PackageManager>> = {
  npm: {
    install: (cwd) => run('npm', ['install', '--no-audit', '--no-fund'], cwd),
    node,
    exec: (args, cwd) => run('npx', ['--no-install', ...args], cwd),
    types: true,
  },
  pnpm: {
    install: (cwd) => node([tool('pnpm/bin/pnpm.mjs'), 'install'], cwd),
    node,
    exec: (args, cwd) => node([tool('pnpm/bin/pnpm.mjs'), 'exec', ...args], cwd),
    types: true,
  },
  'Yarn 1': {
    install: (cwd) => node([tool('yarn/bin/yarn.js'), 'install'], cwd),
    node,
    exec: (args, cwd) => node([tool('yarn/bin/yarn.js'), '--silent', ...args], cwd),
    types: true,
  },
  "Yarn 4, Plug'n'Play": berry('pnp'),
  'Yarn 4, node_modules': berry('node-modules'),
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text)
}

/** @throws Error where a step that is not looked at fails */
function demand({ status, text }: RanStep): string {
  if (status !== 0) throw new Error(text)
  return text
}

function packed(): string {
  demand(run('npm', ['pack', '--ignore-scripts', '--pack-destination', FOLDER], ROOT))
  const name = readdirSync(FOLDER).find((each) => each.endsWith('.tgz'))
  if (name === undefined) throw new Error('nothing was packed')
  return path.join(FOLDER, name)
}

const MAIN = `const scenario = defineScenario(${SCENARIO})
check(scenario, { runs: 5 }).then(({ verdict }) => console.log(verdict))`

const FILES = {
  'service.cjs': SERVICE,
  'main.mjs': `import { atLeastOnce, check, defineScenario } from 'onceover'\n${MAIN}`,
  'main.cjs': `const { atLeastOnce, check, defineScenario } = require('onceover')\n${MAIN}`,
  'service.scenario.mjs': `import { atLeastOnce, defineScenario } from 'onceover'\nexport default defineScenario(${SCENARIO})`,
}

/** The name of each step, and its output where it was wrong. */
function* complaints(manager: PackageManager, folder: string): Generator<readonly [string, string | null]> {
  const installed = manager.install(folder)
  const isError = installed.status !== 0 || /^(?:.*\bERR(?:_|\b)|error )/m.test(installed.text)
  yield ['installs', isError ? installed.text : null]
  for (const file of ['main.mjs', 'main.cjs']) {
    const { status, text } = manager.node([file], folder)
    yield [`runs ${file}`, status === 0 && text.endsWith('held\n') ? null : `${status}: ${text}`]
  }
  const args = ['onceover', 'check', 'service.scenario.mjs', '--runs', '5', '--seed', '1']
  const { status, text } = manager.exec(args, folder)
  yield ['has the command', status === 0 && text.includes('held over 5') ? null : `${status}: ${text}`]
  if (!manager.types) return
  for (const each of RESOLUTIONS) {
    const { typescript, module, resolution, type } = each
    const project = path.join(folder, `types-${typescript}-${resolution}-${type}`)
    write(project, typesProject(each))
    const compiler = typescript === 7 ? 'typescript' : TYPESCRIPT_5
    const compiled = node([path.join(folder, 'node_modules', compiler, 'bin/tsc'), '-p', project], folder)
    yield [
      `has types for TypeScript ${typescript}, ${module}, ${resolution}, ${type}`,
      compiled.status === 0 ? null : compiled.text,
    ]
  }
}

const { version, dependencies: ours, devDependencies } = manifest()

try {
  const tarball = packed()
  write(path.join(FOLDER, 'tools'), { 'package.json': '{}' })
  demand(run('npm', ['install', '--no-audit', '--no-fund', ...TOOLS], path.join(FOLDER, 'tools')))
  const { kafkajs, typescript, '@types/node': types } = devDependencies
  for (const [name, manager] of Object.entries(MANAGERS)) {
    const folder = path.join(FOLDER, name.replaceAll(/\W+/g, '-').toLowerCase())
    const dependencies = {
      ...{ onceover: `file:${tarball}`, kafkajs, typescript, 'fast-check': ours['fast-check'] },
      ...{ '@types/node': types, [TYPESCRIPT_5]: 'npm:typescript@^5.9.0' },
    }
    write(folder, {
      'package.json': JSON.stringify({ name: 'stranger', version, private: true, dependencies }),
      ...FILES,
      ...manager.settings,
    })
    for (const [step, wrong] of complaints(manager, folder)) {
      process.stdout.write(wrong === null ? `ok    ${name} ${step}\n` : `WRONG ${name} ${step}\n${wrong}\n`)
      if (wrong !== null) process.exitCode = 1
    }
  }
} finally {
  rmSync(FOLDER, { recursive: true, force: true })
}
