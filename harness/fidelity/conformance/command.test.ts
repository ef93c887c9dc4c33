import { expect, it } from 'vitest'
import { conformance } from './command.ts'

it('conformance plays a row here and over TCP, and compares it with recorded answers', async () => {
  const lines: string[] = []
  const exit = await conformance(
    ['--recorded', '--releases', '4.1.0', '--only', 'G1', '--no-stories'],
    (line) => lines.push(line),
  )
  expect(exit).toBe(0)
  expect(lines.at(-1)).toMatch(
    /^\n[1-9]\d* behaviours: [1-9]\d* equal, \d+ different with a reason, 0 different without$/,
  )
})

it('conformance refuses an option that it does not have', async () => {
  await expect(conformance(['--relases', '4.1.0'], () => {})).rejects.toThrow("'--relases'")
})
