import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareModule } from './modules.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** TypeScript with an API; `.ci/run` fetches it. */
const TYPESCRIPT_5 = path.join(ROOT, '.ci/typescript-5/node_modules/typescript')
const MISSING = !existsSync(TYPESCRIPT_5)
if (MISSING)
  process.stderr.write(
    'skipped: decorators by TypeScript 5; npm install --no-save --no-package-lock --prefix .ci/typescript-5 typescript@5.9\n',
  )

let folder: string

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'onceover-decorators-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A project with these files and these packages; gives the absolute path of its `main.ts`. */
function project(
  name: string,
  contents: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>>,
) {
  for (const [file, text] of Object.entries(contents)) {
    const place = path.join(folder, name, file)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
  mkdirSync(path.join(folder, name, 'node_modules'), { recursive: true })
  for (const [named, target] of Object.entries(packages))
    symlinkSync(target, path.join(folder, name, 'node_modules', named))
  return path.join(folder, name, 'main.ts')
}

const MAIN = `
  import './metadata.ts'
  import { Injected, Service, type Shape } from '@app/service'
  import { seen } from './metadata.ts'
  @Injected()
  export class Controller {
    label: string
    constructor(readonly service: Service, readonly shape: Shape, readonly name: string, readonly at: Date) {}
  }
  export const told = seen.map((types) => (types as { name: string }[]).map(({ name }) => name))
  export const hasLabel = 'label' in new Controller(new Service(), {}, '', new Date(0))
  export const line = () => { throw new Error('here') }
`
const FILES = {
  'main.ts': MAIN.replace('type Shape', 'Shape'),
  'metadata.ts': `
    export const seen: unknown[] = []
    Object.assign(Reflect, { metadata: (key: string, value: unknown) => () => {
      if (key === 'design:paramtypes') seen.push(value)
    } })
  `,
  'lib/service.ts': `
    export interface Shape {}
    export class Service {}
    export const Injected = (): ClassDecorator => () => {}
  `,
}
const OPTIONS = {
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  paths: { '@app/*': ['./lib/*'] },
}
const config = (options: object): string => JSON.stringify({ compilerOptions: options })

describe('a project whose tsconfig.json sets emitDecoratorMetadata', () => {
  it.skipIf(MISSING)(
    'has what constructors take, from its own TypeScript: classes, and Object for an interface',
    async () => {
      const files = { ...FILES, 'tsconfig.json': config({ ...OPTIONS, target: 'es2021' }) }
      const file = project('metadata', files, { typescript: TYPESCRIPT_5 })
      const { told, hasLabel } = await (await prepareModule(file)).instantiate()
      expect(told).toEqual([['Service', 'Object', 'String', 'Date']])
      // By its target, a field without a value is no property.
      expect(hasLabel).toBe(false)
      // Vitest prepares stacks by itself.
      const script = `
      import { prepareModule } from ${JSON.stringify(path.join(import.meta.dirname, 'modules.ts'))}
      const { line } = await (await prepareModule(${JSON.stringify(file)})).instantiate()
      try { line() } catch (error) { console.log(error.stack) }`
      const run = ['--conditions=onceover-source', '--input-type=module', '-e', script]
      expect(execFileSync(process.execPath, run, { encoding: 'utf8' })).toContain('main.ts:12:')
    },
  )
})

describe('a project whose tsconfig.json does not', () => {
  it('has its decorators, path aliases and class fields, without any compiler of its own', async () => {
    const { emitDecoratorMetadata: _, ...options } = OPTIONS
    const files = {
      ...FILES,
      'main.ts': MAIN,
      'tsconfig.json': config({ ...options, useDefineForClassFields: false }),
    }
    const { told, hasLabel } = await (await prepareModule(project('plain', files, {}))).instantiate()
    expect({ told, hasLabel }).toEqual({ told: [], hasLabel: false })
  })
})
