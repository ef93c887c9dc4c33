import fs, { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync as Early } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { watchLeaks } from '../leaks.ts'
import { actedUpon, EPOCH_MS, inProcess, type Room, room, runFor } from '../testing/room.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'onceover-test-'))
  writeFileSync(path.join(folder, 'real.txt'), 'real')
})
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const at = (name: string): string => path.join(folder, name)

async function said(work: (room: Room) => unknown): Promise<string[]> {
  const leaks = watchLeaks()
  const log = await inProcess(work)
  leaks.stop()
  expect(leaks.names()).toEqual([])
  return log.map((line) => line.replaceAll(folder, 'F'))
}

describe('files that a simulated process writes', () => {
  it('are there for itself, by all functions, and nowhere else', async () => {
    const log = await said(async ({ say }) => {
      fs.writeFileSync(at('a.txt'), 'one')
      await appendFile(at('a.txt'), ' two')
      await new Promise((resolve) => fs.appendFile(at('real.txt'), ' and more', resolve))
      await mkdir(at('deep/er'), { recursive: true })
      await pipeline(['b', 'c'], fs.createWriteStream(at('deep/er/s.txt')))
      say(await readFile(at('a.txt'), 'utf8'))
      say(fs.readFileSync(at('real.txt'), 'utf8'))
      say(await text(fs.createReadStream(at('deep/er/s.txt'))))
      say(String(await readdir(folder)))
      await rename(at('a.txt'), at('z.txt'))
      fs.unlinkSync(at('real.txt'))
      say(`${fs.readdirSync(folder)} ${fs.existsSync(at('real.txt'))} ${fs.statSync(at('z.txt')).size}`)
      say(fs.realpathSync(at('z.txt')))
      await rm(at('deep'), { recursive: true })
      say(String(fs.readdirSync(folder, { withFileTypes: true }).map((entry) => entry.name)))
    })
    expect(log.map((line) => line.slice(2))).toEqual([
      'one two',
      'real and more',
      'bc',
      'a.txt,deep,real.txt',
      'deep,z.txt false 7',
      'F/z.txt',
      'z.txt',
    ])
    expect(fs.readdirSync(folder)).toEqual(['real.txt'])
    expect(readFileSync(at('real.txt'), 'utf8')).toBe('real')
  })

  it('errors tell the path as the process knows it', async () => {
    const log = await said(async ({ say }) => {
      fs.writeFileSync(at('a.txt'), '')
      for (const attempt of [
        () => fs.readFileSync(at('none.txt')),
        () => fs.writeFileSync(at('none/x.txt'), ''),
        () => fs.mkdirSync(folder),
        () => fs.rmdirSync(folder),
        () => fs.unlinkSync(at('none.txt')),
      ]) {
        try {
          attempt()
        } catch (error) {
          say((error as Error).message)
        }
      }
    })
    expect(log).toEqual([
      "0 ENOENT: no such file or directory, open 'F/none.txt'",
      "0 ENOENT: no such file or directory, open 'F/none/x.txt'",
      "0 EEXIST: file already exists, mkdir 'F'",
      "0 ENOTEMPTY: directory not empty, rmdir 'F'",
      expect.stringMatching(/^0 ENOENT: no such file or directory, (?:unlink|lstat) 'F\/none\.txt'$/),
    ])
  })

  it('stay over its restarts, are gone with the run, and are not those of another process', async () => {
    const run = async (): Promise<string[]> => {
      const made = room()
      const count = (): void => {
        const runs = fs.existsSync(at('count')) ? Number(fs.readFileSync(at('count'), 'utf8')) : 0
        fs.writeFileSync(at('count'), String(runs + 1))
        made.say(`${process.env['HOSTNAME_OF_TEST']} ${runs}`)
      }
      for (const name of ['a', 'b']) made.simulation.spawn(name, count, { env: { HOSTNAME_OF_TEST: name } })
      const handle = made.simulation.spawn('c', count, { env: { HOSTNAME_OF_TEST: 'c' } })
      made.simulation.after(1_000_000, () => handle.crash({ restartMs: 1_000 }))
      await runFor(made, 5)
      made.simulation.dispose()
      return made.log.filter((line) => /^\d+ \w \d$/.test(line))
    }
    const expected = ['0 a 0', '0 b 0', '0 c 0', '2000 c 1']
    expect(await run()).toEqual(expected)
    expect(await run()).toEqual(expected)
    expect(fs.existsSync(at('count'))).toBe(false)
  })

  it('have times of the process: when they were made, and changed', async () => {
    const seen: number[][] = []
    const real = fs.statSync(at('real.txt')).mtimeMs
    const times = (file: string): number[] => {
      const { birthtimeMs, mtimeMs } = fs.statSync(at(file))
      return [birthtimeMs, mtimeMs].map((ms) => (ms - EPOCH_MS) / 1_000)
    }
    const log = await said(async ({ say }) => {
      await sleep(1_000)
      fs.writeFileSync(at('a'), 'x')
      const descriptor = fs.openSync(at('b'), 'a')
      await mkdir(at('deep/er'), { recursive: true })
      await sleep(1_000)
      await appendFile(at('a'), 'y')
      fs.writeSync(descriptor, 'y')
      seen.push(times('a'), times('b'), times('deep'), times('deep/er'))
      await sleep(1_000)
      await rename(at('a'), at('deep/c'))
      seen.push(times('deep/c'), times('deep'))
      fs.utimesSync(at('b'), 0, (EPOCH_MS + 500) / 1_000)
      const handle = await fs.promises.open(at('deep/c'), 'a')
      await handle.write('z')
      seen.push(times('b'), times('deep/c'))
      say(String((await handle.stat({ bigint: true })).mtimeNs - BigInt(EPOCH_MS) * 1_000_000n))
      say(fs.statSync(at('b')).mtime.toISOString())
      const [b, open, deep] = [fs.statSync(at('b')), fs.fstatSync(descriptor), fs.statSync(at('deep'))]
      say(`${b.ino - open.ino} ${deep.ino - b.ino}`)
      say(String(fs.statSync(at('real.txt')).mtimeMs === real))
      await handle.close()
    })
    expect(seen).toEqual([
      [1, 2],
      [1, 2],
      [1, 1],
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 0.5],
      [1, 3],
    ])
    expect(log).toEqual(['3000 3000000000', '3000 2025-01-01T00:00:00.500Z', '3000 0 1', '3000 true'])
  })

  it('are as old as what was done to them last, by whatever function, and as what is in them', async () => {
    const seen: Record<string, readonly number[]> = {}
    await said(async () => {
      const note = (name: string, file: string): void => {
        const { birthtimeMs, mtimeMs } = fs.statSync(at(file))
        seen[name] = [birthtimeMs, mtimeMs].map((ms) => (ms - EPOCH_MS) / 1_000)
      }
      fs.mkdirSync(at('folder/in'), { recursive: true })
      for (const name of ['emptied', 'copied over', 'folder/gone', 'folder/in/kept'])
        fs.writeFileSync(at(name), 'text')
      const descriptor = fs.openSync(at('vector'), 'w')
      await sleep(1_000)
      fs.closeSync(fs.openSync(at('emptied'), 'w'))
      note('opened to be emptied', 'emptied')
      fs.copyFileSync(at('real.txt'), at('copied over'))
      note('copied over', 'copied over')
      fs.writevSync(descriptor, [Buffer.from('a'), Buffer.from('b')])
      note('written by writev', 'vector')
      fs.unlinkSync(at('folder/gone'))
      note('a folder that lost a file', 'folder')
      await sleep(1_000)
      fs.ftruncateSync(descriptor, 1)
      note('cut', 'vector')
      fs.writeFileSync(at('folder/new'), '')
      note('a folder that got a file', 'folder')
      fs.renameSync(at('folder'), at('moved'))
      note('in a folder that was moved', 'moved/in/kept')
      fs.rmSync(at('moved'), { recursive: true })
      fs.mkdirSync(at('moved/in'), { recursive: true })
      fs.writeFileSync(at('moved/in/kept'), '')
      note('made again after its folder was removed', 'moved/in/kept')
    })
    expect(seen).toEqual({
      'opened to be emptied': [0, 1],
      'copied over': [0, 1],
      'written by writev': [0, 1],
      'a folder that lost a file': [0, 1],
      cut: [0, 2],
      'a folder that got a file': [0, 2],
      'in a folder that was moved': [0, 0],
      'made again after its folder was removed': [2, 2],
    })
  })

  it('have the times of what they are copies of, and so have their folders', async () => {
    const real = [at('real.txt'), folder].map((file) => fs.statSync(file).birthtimeMs)
    const changed = fs.statSync(at('real.txt')).mtimeMs
    const seen: number[] = []
    await said(() => {
      fs.chmodSync(at('real.txt'), 0o600)
      seen.push(...[at('real.txt'), folder].map((file) => fs.statSync(file).birthtimeMs))
      seen.push(fs.statSync(at('real.txt')).mtimeMs)
    })
    expect(seen).toEqual([...real, changed])
  })

  it('an open file is the same one when it is renamed or removed, and another takes its name', async () => {
    const log = await said(async ({ say }) => {
      const age = ({ birthtimeMs, mtimeMs }: fs.Stats): string =>
        [birthtimeMs, mtimeMs].map((ms) => (ms - EPOCH_MS) / 1_000).join()
      const first = fs.openSync(at('log'), 'a')
      await sleep(1_000)
      fs.renameSync(at('log'), at('log.1'))
      await sleep(1_000)
      fs.writeSync(first, 'x')
      const second = fs.openSync(at('log'), 'a')
      const inodes = [fs.fstatSync(first), fs.statSync(at('log.1')), fs.statSync(at('log'))].map(
        ({ ino }) => ino,
      )
      say(`${inodes} ${age(fs.statSync(at('log.1')))} ${age(fs.fstatSync(second))}`)
      fs.unlinkSync(at('log'))
      await sleep(1_000)
      fs.writeFileSync(at('log'), '')
      say(`${fs.fstatSync(second).ino} ${fs.statSync(at('log')).ino} ${age(fs.statSync(at('log')))}`)
    })
    const [rotated = '', removed = ''] = log.map((line) => line.replace(/^\d+ /, ''))
    expect(rotated).toMatch(/^(\d+),\1,(?!\1)\d+ 0,2 2,2$/)
    expect(removed).toMatch(/^(\d+) (?!\1)\d+ 3,3$/)
  })

  it('have the times that are set, by descriptor, too, and those of native code the first time seen', async () => {
    const log = await said(async ({ say }) => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
      const told = (stats: fs.Stats): void => say([stats.atimeMs, stats.mtimeMs].join())
      const descriptor = fs.openSync(at('a'), 'w')
      fs.utimesSync(at('a'), 1, 2)
      told(fs.fstatSync(descriptor))
      fs.futimesSync(descriptor, 3, 4)
      told(fs.statSync(at('a')))
      new DatabaseSync(at('orders.db')).exec('create table orders (id integer primary key)')
      told(fs.statSync(at('orders.db')))
    })
    expect(log).toEqual(['0 1000,2000', '0 3000,4000', `0 ${EPOCH_MS},${EPOCH_MS}`])
  })

  it('stay when they are renamed to themselves, and are not made anew where they really are', async () => {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_EXCL } = fs.constants
    // The process has not had them in its hands.
    for (const name of ['one', 'two', 'three']) writeFileSync(at(name), name)
    const log = await said(({ say }) => {
      fs.renameSync(at('real.txt'), at('real.txt'))
      say(fs.readFileSync(at('real.txt'), 'utf8'))
      writeFileSync(at('a.txt'), '')
      for (const make of [
        () => fs.openSync(at('one'), 'wx'),
        () => fs.openSync(at('two'), O_WRONLY | O_CREAT | O_TRUNC | O_EXCL),
        () => fs.writeFileSync(at('three'), '', { flag: 'wx' }),
        () => fs.closeSync(fs.openSync(at('new.txt'), 'wx')),
      ]) {
        try {
          make()
          say('made')
        } catch (error) {
          say(String((error as NodeJS.ErrnoException).code))
        }
      }
    })
    expect(log).toEqual(['0 real', '0 EEXIST', '0 EEXIST', '0 EEXIST', '0 made'])
  })

  it('node:sqlite on a file: a database that starts empty in each run', async () => {
    const insert = ({ say }: Room): void => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
      const database = new DatabaseSync(at('orders.db'))
      database.exec('create table if not exists orders (id integer primary key)')
      database.prepare('insert into orders values (?)').run(1)
      say(`${database.prepare('select count(*) as rows from orders').get()?.['rows']}`)
      database.close()
    }
    expect(await said(insert)).toEqual(['0 1'])
    expect(await said(insert)).toEqual(['0 1'])
    expect(fs.existsSync(at('orders.db'))).toBe(false)
    await expect(inProcess(() => new Early(':memory:').exec('select 1'))).rejects.toThrow(
      'p uses a database of node:sqlite from before the simulation',
    )
  })

  it.each([
    ['file:orders?mode=memory&cache=shared', [0, 1, 0]],
    ['file::memory:?cache=shared', [0, 1, 0]],
    ['', [0, 0, 0]],
    ['file:orders.db', [0, 1, 2]],
  ])('node:sqlite at an address: %s', async (address, expected) => {
    const rows: unknown[] = []
    const main = (): void => {
      for (let connection = rows.length === 0 ? 0 : 1; connection < 2; connection += 1) {
        const database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(address)
        database.exec('create table if not exists orders (id integer primary key)')
        rows.push(database.prepare('select count(*) as rows from orders').get()?.['rows'])
        database.exec('insert into orders default values')
      }
      setInterval(() => {}, 1_000)
    }
    await actedUpon((handle) => handle.crash({ restartMs: 100 }), main)
    expect(rows).toEqual(expected)
    expect(fs.readdirSync('.').filter((name) => /orders|memory/.test(name))).toEqual([])
  })

  it('node:sqlite in a process that is killed: its transaction is rolled back', async () => {
    const log = await actedUpon(
      (handle) => handle.crash({ restartMs: 100 }),
      ({ say }) => {
        const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
        class Orders extends DatabaseSync {
          override close(): void {
            say('closed by the app')
            super.exec('commit')
          }
        }
        const database = new Orders(at('orders.db'))
        database.exec('create table if not exists orders (id integer primary key)')
        say(`rows ${database.prepare('select count(*) as rows from orders').get()?.['rows']}`)
        database.exec('begin immediate; insert into orders values (1)')
        setInterval(() => {}, 1_000)
      },
    )
    expect(log.filter((line) => /rows|closed|crashed/.test(line))).toEqual([
      '0 rows 0',
      expect.stringContaining('crashed'),
      '2600 rows 0',
    ])
  })

  it('node:sqlite in a process that ends in a function that its SQL calls', async () => {
    const log = await inProcess(
      () => {
        const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
        const database = new DatabaseSync(at('orders.db'))
        database.function('leave', (code) => process.exit(Number(code)))
        database.prepare('select leave(column1) from (values (3), (4))').all()
      },
      { seconds: 0.5 },
    )
    expect(log).toEqual(['0 p exited 3'])
  })

  it.each([
    ['a descriptor', () => void fs.openSync(at('log'), 'a')],
    ['a stream', () => void fs.createWriteStream(at('log'), { flags: 'a' }).write('x')],
    ['a handle', async () => void (await fs.promises.open(at('log'), 'a'))],
  ])('%s that a killed process had open is closed', async (_name, opens) => {
    const descriptors = (): number => fs.readdirSync('/proc/self/fd').length
    const before = descriptors()
    let during = 0
    await actedUpon(
      (handle) => {
        during = descriptors()
        handle.crash({ restartMs: null })
      },
      async () => {
        await opens()
        setInterval(() => {}, 1_000)
      },
    )
    expect(during).toBe(before + 1)
    expect(descriptors()).toBe(before)
  })

  it.each([
    ['by itself', 'real.txt', (descriptor: number) => fs.closeSync(descriptor)],
    ['behind its back', 'other.txt', () => {}],
  ])(
    'a number whose file was closed %s, and that others have now, stays open',
    async (_name, file, closes) => {
      writeFileSync(at('other.txt'), 'other')
      let given = -1
      let taken = -1
      await actedUpon(
        (handle) => {
          if (file === 'other.txt') fs.closeSync(given)
          taken = fs.openSync(at(file), 'r')
          handle.crash({ restartMs: null })
        },
        () => {
          given = fs.openSync(at('real.txt'), 'r')
          closes(given)
          setInterval(() => {}, 1_000)
        },
      )
      expect(taken).toBe(given)
      expect(fs.fstatSync(taken).ino).toBe(fs.statSync(at(file)).ino)
      fs.closeSync(taken)
    },
  )

  it.each([
    ['attach', (file: string) => `attach database '${file}' as other`],
    ['attach', (file: string) => `select 1; ATTACH '${file}' as other`],
    ['vacuum into', (file: string) => `vacuum main into '${file}'`],
  ])('node:sqlite opens no other file: %s', async (_words, sql) => {
    const work = inProcess(() => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
      const database = new DatabaseSync(':memory:')
      database.exec("attach ':memory:' as second; create table attach (a)")
      database.exec(sql(at('other.db')))
    })
    await expect(work).rejects.toThrow('p opens another file by SQL')
    expect(fs.existsSync(at('other.db'))).toBe(false)
  })

  it('outside they are real', async () => {
    await inProcess(() => {})
    await writeFile(at('outside.txt'), 'x')
    expect(fs.readdirSync(folder)).toEqual(['outside.txt', 'real.txt'])
  })
})
