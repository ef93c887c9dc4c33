import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { SCHEMA } from '../testing/cases.ts'
import { SERVER_MISSING } from '../testing/engines.ts'
import { Play } from '../testing/play.ts'
import { findBinaries, serverUser } from './binaries.ts'
import { Bridge } from './bridge.ts'
import { ServerEngine } from './engine.ts'
import { findServer, openServer } from './index.ts'
import { type StartedServer, startServer } from './start.ts'

const MISSING = SERVER_MISSING === null ? '' : ` (${SERVER_MISSING})`

function start(): Promise<StartedServer> {
  const found = findServer(null)
  if ('why' in found) throw new Error(found.why)
  return startServer(found.binaries, found.user)
}

const engineOn = (bridge: Bridge): ServerEngine =>
  ServerEngine.create('PostgreSQL', bridge, { service: 'db', schema: SCHEMA })

describe.skipIf(SERVER_MISSING !== null)(`a server of our own${MISSING}`, () => {
  it('is gone when the process that started it is killed, and so is its folder', async () => {
    const module = path.join(import.meta.dirname, '../testing/start-server.ts')
    const child = spawn(process.execPath, ['--conditions=onceover-source', module], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const folder = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => resolve(String(text).trim()))
    })
    expect(existsSync(path.join(folder, 'data/postmaster.pid'))).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(() => existsSync(folder)).toBe(false)
  })

  it('a statement that never ends is an error of the harness, with its text', async () => {
    const server = await start()
    const bridge = await Bridge.open(server, { restMsMax: 3_000 })
    const play = new Play(engineOn(bridge), { sessions: 1 })
    const endless = 'do $$ begin loop end loop; end $$'
    expect(() => play.query(1, endless)).toThrow(
      `PostgreSQL has not come to rest within 3 s of real time, at the statement ${endless}`,
    )
    expect(() => play.engine.ask('select 1')).toThrow("PostgreSQL can't be asked")
    // It would spin on, and nobody could use it.
    await expect.poll(() => existsSync(path.dirname(server.socket)), { timeout: 10_000 }).toBe(false)
  })

  it('one that has failed is not given to a next check', async () => {
    const database = { service: 'db', schema: SCHEMA }
    const { engine } = await openServer(null, database)
    expect((await openServer(null, database)).engine).toBe(engine)
    new Play(engine, { sessions: 1 })
    const [shown] = engine.ask('show data_directory') ?? []
    const pids = readFileSync(path.join(shown?.['data_directory'] ?? '', 'postmaster.pid'), 'utf8')
    process.kill(Number(pids.split('\n')[0]), 'SIGQUIT')
    const giveUpAt = performance.now() + 30_000
    expect(() => {
      while (performance.now() < giveUpAt) engine.ask('select 1')
    }).toThrow('PostgreSQL failed at')
    const next = await openServer(null, database)
    const play = new Play(next.engine, { sessions: 1 })
    play.query(1, 'select 1')
    expect(play.said).toEqual(['1: 1, SELECT 1'])
  })

  it('sessions of a scenario that is over leave their places to others', async () => {
    const bridge = await Bridge.open(await start(), { backendsMax: 5 })
    const databases = ['one', 'two'].map((service) =>
      ServerEngine.create('PostgreSQL', bridge, { service, schema: SCHEMA }),
    )
    const sessions = databases.map((engine) => {
      new Play(engine, { sessions: 3 })
      return engine.ask(
        "select datname, count(*) from pg_stat_activity where backend_type = 'client backend' and datname like 'run%' group by 1 order by 2 desc",
      )
    })
    // One more in each, that effects are asked of.
    expect(sessions.map((rows) => rows?.map(({ count }) => count))).toEqual([
      ['4', '1'],
      ['4', '1'],
    ])
  })

  it('that crashes is an error of the harness, and no answer to the app', async () => {
    const started = await start()
    const play = new Play(engineOn(await Bridge.open(started)), { sessions: 2 })
    play.query(1, 'select 1')
    const pids = readFileSync(path.join(path.dirname(started.socket), 'data/postmaster.pid'), 'utf8')
    process.kill(Number(pids.split('\n')[0]), 'SIGQUIT')
    expect(() => {
      for (let tries = 0; tries < 1_000; tries += 1) play.query(1, 'select 2')
    }).toThrow(/^PostgreSQL failed at the statement select 2: (?:a process of )?the server has ended/)
    expect(play.said.filter((each) => each.endsWith('ended'))).toEqual([])
  })

  it('a clock that can’t be loaded is not taken for one of the run', async () => {
    // It makes no library, but a file of its name.
    vi.stubEnv('CC', 'cc -c')
    const { clock, whyNoClock } = await start().finally(() => vi.unstubAllEnvs())
    expect(clock).toBeNull()
    expect(whyNoClock).toContain('LD_PRELOAD')
  })

  it('without a compiler it has the machine’s clock, says so, and locks are as real', async () => {
    vi.stubEnv('CC', '/nowhere/cc')
    const started = await start().finally(() => vi.unstubAllEnvs())
    expect(started.whyNoClock).toMatch(/could not be compiled \(.*\/nowhere\/cc: not found\)/)
    const play = new Play(engineOn(await Bridge.open(started)), { sessions: 2 })
    for (const line of [
      "1: insert into items (name) values ('b')",
      "1: begin; update items set amount = 1 where name = 'seed'",
      "2: begin; update items set amount = 2 where name = 'b'",
      "1: update items set amount = 1 where name = 'b'",
    ])
      play.step(line)
    expect(play.said).toHaveLength(3)
    play.step("2: update items set amount = 2 where name = 'seed'")
    // The machine chooses the victim.
    expect(
      play.said
        .slice(3)
        .map((words) => words.slice(3))
        .toSorted(),
    ).toEqual(['ERROR 40P01', 'UPDATE 1'])
  })
})

describe('where a server is looked for', () => {
  it('in a folder that is given, and nowhere else', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'onceover-'))
    expect(findBinaries(folder)).toBeNull()
    expect(findServer(folder)).toEqual({
      why: `no PostgreSQL (postgres and initdb) is in ${folder}`,
      instead: expect.stringContaining('apt-get install postgresql'),
    })
    mkdirSync(path.join(folder, 'bin'))
    for (const name of ['postgres', 'initdb'])
      writeFileSync(path.join(folder, 'bin', name), '#!/bin/sh\necho "postgres (PostgreSQL) 17.2"\n', {
        mode: 0o755,
      })
    expect(findBinaries(path.join(folder, 'bin'))?.version).toBe('17.2')
  })

  it('as root it runs as the user postgres, where there is one', () => {
    const passwords = path.join(mkdtempSync(path.join(os.tmpdir(), 'onceover-')), 'passwd')
    writeFileSync(passwords, 'root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/var:/bin/sh\n')
    expect(serverUser(0, passwords)).toEqual({ uid: 101, gid: 104 })
    expect(serverUser(1000, passwords)).toBeNull()
    writeFileSync(passwords, 'root:x:0:0::/root:/bin/sh\n')
    expect(serverUser(0, passwords)).toBe('missing')
  })
})
