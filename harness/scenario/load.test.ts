import { execFile } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { loadScenarioFile } from './load.ts'

const urlOf = (file: string): string => pathToFileURL(path.join(import.meta.dirname, file)).href

/** As the command does: scenarios are looked for by a pattern; then an app looks for its files. */
const PROGRAM = `
import fs from 'node:fs'
import { findScenarioFiles } from '${urlOf('load.ts')}'
const scenarios = findScenarioFiles(['load.t?st.ts'], '${import.meta.dirname}')
const { inProcess } = await import('${urlOf('../sim/testing/room.ts')}')
const log = await inProcess(async ({ say }) => {
  fs.mkdirSync('/nothing-is-here')
  fs.writeFileSync('/nothing-is-here/a.txt', '')
  const found = []
  for await (const file of fs.promises.glob('/nothing-is-here/*.txt')) found.push(file)
  say([scenarios.length, found.length, fs.globSync('/nothing-is-here/*.txt').length])
})
console.log(log.join())
`

it('a pattern of scenarios leaves an app its own files to find', async () => {
  const args = ['--conditions=onceover-source', '--input-type=module', '--eval', PROGRAM]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(stdout).toBe('0 1,1,1\n')
})

it('files that are loaded at once share a listener, of which Node would count eleven', async () => {
  const file = path.resolve(import.meta.dirname, '../check/testing/never-subscribes.scenario.ts')
  const before = process.listenerCount('beforeExit')
  const loading = Array.from({ length: 12 }, () => loadScenarioFile(file))
  expect(process.listenerCount('beforeExit')).toBe(before + 1)
  await Promise.all(loading)
  expect(process.listenerCount('beforeExit')).toBe(before)
})
