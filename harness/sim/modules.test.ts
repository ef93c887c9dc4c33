import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareModule } from './modules.ts'
import { inProcess } from './testing/room.ts'

let folder: string

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'onceover-modules-')))
  mkdirSync(path.join(folder, 'node_modules'))
  symlinkSync(path.resolve('node_modules/kafkajs'), path.join(folder, 'node_modules/kafkajs'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes these files and gives the absolute path of the first. */
function files(name: string, contents: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(contents)) {
    const place = path.join(folder, name, file)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
  return path.join(folder, name, Object.keys(contents)[0] ?? '')
}

async function exportsOf(file: string): Promise<Record<string, unknown>> {
  return (await prepareModule(file, { shared: ['kafkajs'] })).instantiate()
}

describe('an instance of a module', () => {
  it('has fresh state: a set in module scope is empty, also that of a module that it imports', async () => {
    const file = files('fresh', {
      'main.ts': `import { add, count } from './counter.ts'
        export const seen = new Set<string>()
        export function visit(name: string): [number, number] { seen.add(name); add(); return [seen.size, count] }`,
      'counter.ts': 'export let count = 0\nexport const add = (): number => ++count',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    for (let instance = 0; instance < 3; instance += 1) {
      const { visit, seen } = (await prepared.instantiate()) as {
        visit: (name: string) => unknown
        seen: Set<string>
      }
      expect(seen.size).toBe(0)
      expect(visit('a')).toEqual([1, 1])
      expect(visit('b')).toEqual([2, 2])
    }
  })

  it('is made by microtasks only, so that it can be made inside a simulation', async () => {
    const file = files('microtasks', {
      'main.ts': `import './a.ts'\nawait Promise.resolve()\nexport default 'ready'`,
      'a.ts': 'await Promise.resolve()\nawait null',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    const log = await inProcess(async ({ say }) => {
      setImmediate(() => say('an event later'))
      say(String((await prepared.instantiate())['default']))
    })
    expect(log).toEqual(['0 ready', '0 an event later'])
  })

  it('finds the functions of a simulation under names that it imported', async () => {
    const file = files('ambient', {
      'main.ts': `import { setTimeout as sleep } from 'node:timers/promises'
        import * as timers from 'timers'
        import crypto, { randomUUID } from 'node:crypto'
        export default async function main(): Promise<unknown[]> {
          await sleep(1_000)
          await new Promise((resolve) => timers.setTimeout(resolve, 500))
          return [Date.now(), randomUUID(), crypto.randomUUID()]
        }`,
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    const seen: unknown[] = []
    for (let run = 0; run < 2; run += 1) {
      await inProcess(async ({ say }) => {
        const { default: main } = (await prepared.instantiate()) as { default: () => Promise<unknown[]> }
        seen.push(await main())
        say('done')
      })
    }
    expect(seen[0]).toEqual(seen[1])
  })

  it('costs microseconds, and 10,000 of them do not grow memory', async () => {
    const file = files('cost', {
      'main.ts': `import { Kafka } from 'kafkajs'
        import { helper } from './helper.ts'
        const cache = new Map<string, unknown>()
        export default () => [Kafka, helper, cache]`,
      'helper.ts': 'export const helper = () => new Array(100).fill(0)',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    const instances = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await prepared.instantiate()
    }
    await instances(10_000)
    const before = process.memoryUsage().heapUsed
    await instances(10_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000)
  })
})

describe('what a module may consist of', () => {
  it('top-level await, JSON, dynamic imports of own modules and of packages', async () => {
    const file = files('kinds', {
      'main.ts': `import data from './data.json' with { type: 'json' }
        export const ready = await Promise.resolve('awaited')
        export const { answer } = data
        export const lazy = async (): Promise<unknown[]> => {
          const { counter } = await import('./lazy.ts')
          counter.n += 1
          const { sep } = await import('node:path')
          return [counter.n, sep]
        }`,
      'lazy.ts': 'export const counter = { n: 0 }',
      'data.json': '{ "answer": 42 }',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    for (let instance = 0; instance < 2; instance += 1) {
      const { ready, answer, lazy } = await prepared.instantiate()
      expect([ready, answer]).toEqual(['awaited', 42])
      expect(await (lazy as () => Promise<unknown>)()).toEqual([1, path.sep])
      expect(await (lazy as () => Promise<unknown>)()).toEqual([2, path.sep])
    }
  })

  it('CommonJS, with fresh state too: require, __dirname, module.exports', async () => {
    const file = files('commonjs', {
      'main.cjs': `const state = require('./state.cjs')
        const { Kafka } = require('kafkajs')
        state.n += 1
        module.exports = { n: state.n, where: __filename, folder: __dirname, Kafka }`,
      'state.cjs': 'exports.n = 0',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    for (let instance = 0; instance < 2; instance += 1) {
      const { n, where, folder: dirname, Kafka } = await prepared.instantiate()
      expect([n, where, dirname, typeof Kafka]).toEqual([1, file, path.dirname(file), 'function'])
    }
  })

  it('ES modules that import CommonJS, and circles', async () => {
    const file = files('mixed', {
      'main.mjs': `import legacy, { n } from './legacy.cjs'
        import { even } from './even.mjs'
        export default [legacy.n, n, even(10)]`,
      'legacy.cjs': 'exports.n = 7',
      'even.mjs': `import { odd } from './odd.mjs'\nexport const even = (n) => n === 0 || odd(n - 1)`,
      'odd.mjs': `import { even } from './even.mjs'\nexport const odd = (n) => n !== 0 && even(n - 1)`,
    })
    expect((await exportsOf(file))['default']).toEqual([7, 7, true])
  })

  it('import.meta of each file, and a file that names its own __dirname', async () => {
    const file = files('meta', {
      'main.ts': `import { inner } from './below/inner.ts'
        import { readFileSync } from 'node:fs'
        const text = readFileSync(new URL('./below/data.txt', import.meta.url), 'utf8')
        export default [import.meta.filename, import.meta.dirname, inner, text, import.meta.resolve('./below/data.txt')]`,
      'below/inner.ts': `import path from 'node:path'
        import { fileURLToPath } from 'node:url'
        const __filename = fileURLToPath(import.meta.url)
        const __dirname = path.dirname(__filename)
        export const inner = [__filename, __dirname, import.meta.dirname]`,
      'below/data.txt': 'text',
    })
    const top = path.dirname(file)
    const below = path.join(top, 'below')
    expect((await exportsOf(file))['default']).toEqual([
      file,
      top,
      [path.join(below, 'inner.ts'), below, below],
      'text',
      `file://${below}/data.txt`,
    ])
  })

  it('packages as the file itself would import them, by the conditions of import; each instance its own', async () => {
    const file = files('packages', {
      'main.ts': `import dual, { kind, ids } from 'dual'
        import { next } from 'common'
        import common from 'common'
        import { createRequire } from 'node:module'
        import { Kafka } from 'kafkajs'
        import * as everything from 'dual'
        export default [kind, dual, Object.keys(everything).sort(), ids(), next(), next(), common.next === next,
          createRequire(import.meta.url)('common').next(), Kafka]`,
      'node_modules/dual/package.json':
        '{ "name": "dual", "exports": { "import": "./esm.mjs", "require": "./cjs.cjs" } }',
      'node_modules/dual/esm.mjs': `import { next } from 'common'\nexport const kind = 'esm'\nlet id = 0\nexport const ids = () => [++id, next()]\nexport default 'by default'`,
      'node_modules/dual/cjs.cjs': `exports.kind = 'cjs'`,
      'node_modules/common/package.json': '{ "name": "common", "main": "lib/main" }',
      'node_modules/common/lib/main.js': `const { count } = require('./state')\nexports.next = () => ++count.n`,
      'node_modules/common/lib/state.js': 'module.exports = { count: { n: 0 } }',
    })
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    const { Kafka } = await import('kafkajs')
    for (let instance = 0; instance < 2; instance += 1) {
      const log = await inProcess(async ({ say }) => {
        const { default: found } = await prepared.instantiate()
        const list = found as unknown[]
        expect(list.at(-1)).toBe(Kafka)
        say(JSON.stringify(list.slice(0, -1)))
      })
      expect(log).toEqual(['0 ["esm","by default",["default","ids","kind"],[1,1],2,3,true,4]'])
    }
  })

  it('a package that is shared keeps what it has in its variables', async () => {
    const file = files('shared', {
      'main.ts': `import { next } from 'common'\nexport default next()`,
      'node_modules/common/package.json': '{ "name": "common" }',
      'node_modules/common/index.js': 'let n = 0\nexports.next = () => ++n',
    })
    const prepared = await prepareModule(file, { shared: ['common'] })
    expect((await prepared.instantiate())['default']).toBe(1)
    expect((await prepared.instantiate())['default']).toBe(2)
  })

  it('a driver of SQLite in native code opens its files in the overlay of its process', async () => {
    const file = files('drivers', {
      'main.ts': `import Database from 'better-sqlite3'\nexport default ['orders.db', ':memory:'].map((name) => new Database(name).table(new Database(name).name))`,
      'node_modules/better-sqlite3/package.json': '{ "name": "better-sqlite3" }',
      'node_modules/better-sqlite3/index.js':
        "class Database { constructor(name) { this.name = name } prepare() {} }\nDatabase.prototype.table = require('./table')\nmodule.exports = Database",
      'node_modules/better-sqlite3/table.js': 'module.exports = function table(name) { return name }',
    })
    const prepared = await prepareModule(file)
    const log = await inProcess(async ({ say }) => {
      say(JSON.stringify((await prepared.instantiate())['default']))
    })
    const place = path.resolve('orders.db').replaceAll('/', '\\/')
    expect(log[0]).toMatch(new RegExp(`^0 \\["[^"]*onceover-files-p-[^"]*${place}",":memory:"\\]$`))
  })

  it('a driver of SQLite gives up all that its killed process had under way', async () => {
    const file = files('killed-drivers', {
      'main.ts': `import Database from 'better-sqlite3'
        export const run = (say) => {
          class Own extends Database { close() { say('closed by the app') } }
          const database = new Own(':memory:', say)
          for (const _ of database.prepare('read').iterate()) break
          database.prepare('half').iterate().next()
          process.exit(1)
        }`,
      'node_modules/better-sqlite3/package.json': '{ "name": "better-sqlite3" }',
      'node_modules/better-sqlite3/index.js': `module.exports = class Database {
          constructor(_name, say) { this.say = say }
          inTransaction = true
          prepare(sql) {
            const iterator = () => ({
              next: () => ({ done: false }),
              return: () => { this.say('end of ' + sql); return { done: true } },
              [Symbol.iterator]() { return this },
            })
            return { iterate: iterator }
          }
          exec(sql) { this.say(sql) }
          close() { this.say('closed') }
        }`,
    })
    const prepared = await prepareModule(file)
    const log = await inProcess(
      async ({ say }) => {
        const { run } = (await prepared.instantiate()) as { run(told: (text: string) => void): void }
        run(say)
      },
      { seconds: 0.5 },
    )
    expect(log).toEqual(['0 end of read', '0 end of half', '0 rollback', '0 closed', '0 p exited 1'])
  })

  it.each([
    'select random() as r',
    "insert into a values (datetime('now'))",
    'create table a (b default CURRENT_DATE)',
  ])('a driver whose SQL would ask the machine by itself cannot be checked: %s', async (sql) => {
    const file = files('asking-drivers', {
      'main.ts': `import Database from 'libsql'\nexport const run = (sql) => new Database(':memory:').exec(sql)`,
      'node_modules/libsql/package.json': '{ "name": "libsql" }',
      'node_modules/libsql/index.js':
        "module.exports = class Database { prepare() {} exec(sql) { return 'ran ' + sql } }",
    })
    const prepared = await prepareModule(file)
    const running = (text: string): Promise<string[]> =>
      inProcess(async ({ say }) => {
        const { run } = (await prepared.instantiate()) as { run(sql: string): string }
        say(run(text))
      })
    expect(await running("select 'random' as now")).toEqual(["0 ran select 'random' as now"])
    await expect(running(sql)).rejects.toThrow('p asks SQLite for')
  })

  it('a driver of SQLite copies no database to a file of the machine', async () => {
    const file = files('backup-drivers', {
      'main.ts': `import Database from 'better-sqlite3'\nexport const run = () => new Database(':memory:').backup('copy.db')`,
      'node_modules/better-sqlite3/package.json': '{ "name": "better-sqlite3" }',
      'node_modules/better-sqlite3/index.js':
        "module.exports = class Database { prepare() {} async backup(name) { return 'copied to ' + name } }",
    })
    const prepared = await prepareModule(file)
    const work = inProcess(async ({ say }) => {
      const { run } = (await prepared.instantiate()) as { run(): Promise<string> }
      say(await run())
    })
    await expect(work).rejects.toThrow('p calls backup of a database')
  })

  it('a package that is a link to a folder nearby and an alias of the tsconfig are own modules', async () => {
    const file = files('aliases', {
      'main.ts': `import { state } from '@/state'\nimport linked from 'linked'\nstate.n += 1\nexport default [state.n, linked.n += 1]`,
      'src/state.ts': 'export const state = { n: 0 }',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'linked/package.json': '{ "name": "linked", "type": "module", "exports": "./index.js" }',
      'linked/index.js': 'export default { n: 0 }',
    })
    mkdirSync(path.join(folder, 'aliases/node_modules'))
    symlinkSync('../linked', path.join(folder, 'aliases/node_modules/linked'))
    const prepared = await prepareModule(file, { shared: ['kafkajs'] })
    expect((await prepared.instantiate())['default']).toEqual([1, 1])
    expect((await prepared.instantiate())['default']).toEqual([1, 1])
  })

  it('a package that is missing matters when it is asked for', async () => {
    const file = files('optional', {
      'main.ts': `let found = 'none'
        try { await import('not-installed-anywhere'); found = 'some' } catch (error) { found = (error as { code: string }).code }
        try { require('not-installed-either') } catch (error) { found += ' ' + (error as { code: string }).code }
        export default found`,
    })
    expect((await exportsOf(file))['default']).toBe('ERR_MODULE_NOT_FOUND MODULE_NOT_FOUND')
  })

  it('a computed import', async () => {
    const file = files('computed', {
      'main.ts': `const name = ['node', 'path'].join(':')
        const { sep } = await import(name)
        export const load = async (kind: string) => (await import(\`./kinds/\${kind}.ts\`)).kind
        export default [sep, await load('a'), await load('b')]`,
      'kinds/a.ts': `export const kind = 'a'`,
      'kinds/b.ts': `export const kind = 'b'`,
    })
    expect((await exportsOf(file))['default']).toEqual([path.sep, 'a', 'b'])
  })
})

describe('what goes wrong', () => {
  it('a stack names the files and lines of the user', async () => {
    const file = files('stack', {
      'main.ts': `import { fail } from './fail.ts'\ninterface Left { out: true }\nexport default (): void => fail()`,
      'fail.ts': `type AlsoLeftOut = string\n\nexport function fail(): void {\n  const where = import.meta.dirname\n  throw new Error(where)\n}`,
    })
    const modules = path.resolve('harness/sim/modules.ts')
    const script = `import { prepareModule } from ${JSON.stringify(modules)}
      const { default: main } = await (await prepareModule(${JSON.stringify(file)})).instantiate()
      try { main() } catch (error) { console.log(error.stack) }`
    // Vitest prepares stacks by itself.
    const stack = execFileSync(
      process.execPath,
      ['--conditions=onceover-source', '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    )
    expect(stack).toContain('fail.ts:5:9')
    expect(stack).toContain('main.ts:3:')
  })

  it.each([
    ['a file that is not there', '/nowhere/consumer.ts', /nowhere\/consumer\.ts/],
    ['a syntax error', 'syntax.ts', /syntax\.ts:2: /],
    ['an own module that is not there', 'missing.ts', /\.\/not-there\.ts/],
    ['a package that is not there', 'package.ts', /not-installed-anywhere/],
    ['an export that is not there', 'export.ts', /noSuchExport/],
    ['a module that throws', 'throws.ts', /boom at load/],
  ])('%s', async (_situation, name, message) => {
    files('wrong', {
      'syntax.ts': 'const a = 1\nconst = 2',
      'missing.ts': `import './not-there.ts'`,
      'package.ts': `import 'not-installed-anywhere'`,
      'export.ts': `import { noSuchExport } from 'kafkajs'\nexport default noSuchExport`,
      'throws.ts': `throw new Error('boom at load')`,
    })
    await expect(exportsOf(path.resolve(folder, 'wrong', name))).rejects.toThrow(message)
  })
})
