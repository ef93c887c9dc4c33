import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { SCHEMA } from '../testing/cases.ts'
import { SERVER_MISSING } from '../testing/engines.ts'
import { Play } from '../testing/play.ts'
import { findBinaries, serverUser } from './binaries.ts'
import { Bridge } from './bridge.ts'
import { ServerEngine } from './engine.ts'
import { findServer } from './index.ts'
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
    const bridge = await Bridge.open(await start(), 3_000)
    const play = new Play(engineOn(bridge), { sessions: 1 })
    const endless = 'do $$ begin loop end loop; end $$'
    expect(() => play.query(1, endless)).toThrow(
      `PostgreSQL has not come to rest within 3 s of real time, at the statement ${endless}`,
    )
    expect(() => play.engine.ask('select 1')).toThrow("PostgreSQL can't be asked")
  })

  it('without a compiler it has the machine’s clock, says so, and locks are as real', async () => {
    vi.stubEnv('CC', '/nowhere/cc')
    const started = await start().finally(() => vi.unstubAllEnvs())
    expect(started.whyNoClock).toContain('no C compiler (cc) is installed')
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
