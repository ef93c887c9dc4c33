import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { controlledValues } from '../testing/controlled-values.ts'

const PROGRAM = path.join(import.meta.dirname, '../testing/controlled-values.ts')

/** The values of another process of Node, on a machine with other settings. */
async function valuesElsewhere(): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=onceover-source', '--disable-warning=ExperimentalWarning', PROGRAM],
    {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', HOSTNAME: 'elsewhere' },
    },
  )
  return JSON.parse(stdout) as Record<string, string>
}

const [first, second, elsewhere] = [
  await controlledValues(),
  await controlledValues(),
  await valuesElsewhere(),
]

describe('what is a simulated process’s own', () => {
  it.each(Object.keys(first))('%s: the same in each run, and on another machine', (name) => {
    expect(second[name]).toBe(first[name])
    expect(elsewhere[name]).toBe(first[name])
  })

  it.each([
    [
      'SQLite, its clock',
      '0 2025-01-01 00:00:00,2025-01-01 00:00:00,2025-01-01,1735689600,00.000,2025,1735689600',
    ],
    ['SQLite, its clock in a default and an index', '0 2025-01-01 00:00:00,2025-01-02,integer'],
    ['SQLite, times that are given', '0 2025-03-01,2451544.5,+0000-01-00 00:00:00.000,'],
    ['the report of Node', '0 true undefined sharedObjects'],
    ['FileHandle.stat', '0 true -1'],
    ['FileHandle.read and write', '0 11 hello there hello th EBADF'],
    ['FileHandle.readv and writev', '0 5 ne|two'],
    ['FileHandle.readFile, writeFile and appendFile', '0 all of it'],
    ['functions that are given a FileHandle', '0 abcd bcd -1'],
    ['FileHandle.readLines', '1 a,b,c -1'],
    ['FileHandle streams', '0 bc true false abcd'],
    ['fs.promises.open of a file that is not there', '0 ENOENT'],
    ['opendir', '0 a.txt,b.txt'],
    ['opendirSync and Dir.read', '0 a.txt true true'],
    ['glob', '0 a.txt'],
    ['openAsBlob', '0 blob'],
    ['Blob.text, arrayBuffer and bytes', '0 abc 3'],
    ['Blob.stream', '0 65536,34464'],
    ['Blob.stream of nothing', '0 '],
    ['Response of a blob', '0 abc'],
    ['WebAssembly.compile', '0 [object WebAssembly.Module]'],
    ['WebAssembly.instantiate', '0 module,instance'],
    ['WebAssembly.compileStreaming', '0 [object WebAssembly.Module]'],
    ['Atomics.waitAsync, until it is woken', '0 0,1,0 ok'],
    ['Atomics.waitAsync, until its time is over', '5000 timed-out 5000 not-equal'],
    ['Atomics.wait', '0 timed-out not-equal'],
    ['MessageChannel', '0 across'],
    ['BroadcastChannel', '0 heard'],
    ['Event.timeStamp', '30 30'],
    ['events.on', '3 3'],
    ['performance.mark, measure and toJSON', expect.stringMatching(/^7 7 \{.* 3$/)],
    [
      'clocks in a new context',
      '30 1735689600030,1735689600030,Wed Jan 01 2025 00:00:00 GMT+0000 (Coordinated Universal Time),true,true,1/1/1970, 12:00:00 AM',
    ],
    ['standard input', '0 0'],
    ['the process', '0 100 1 18 63 '],
    ['the machine', expect.stringMatching(/^0 \["p",4294967296,1,\{"lo":\[[^\]]*\]\}\]$/)],
    ['what the garbage collector takes', '2 2 0'],
    ['numbers of timers', '0 1 2'],
  ])('%s: as Node has it', (name, value) => {
    expect(first[name]).toEqual(value)
  })
})
