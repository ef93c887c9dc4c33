import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PreparedModule, prepareModule } from './modules.ts'

let prepared: PreparedModule

beforeAll(async () => {
  const cache = path.resolve('node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'modules-'))
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text)
  write('counter.ts', 'export let n = 0\nexport const add = (): number => ++n\n')
  write('data.json', '{ "answer": 42 }')
  write(
    'main.ts',
    `import path, { join as j } from 'node:path'
import * as os from 'node:os'
import { Kafka } from 'kafkajs'
import { add } from './counter.ts'
import data from './data.json' with { type: 'json' }
const ready = await Promise.resolve('awaited')
export const seen = new Set<string>()
seen.add('x' + seen.size)
export default async function main(): Promise<unknown[]> {
  const { sep } = await import('node:path')
  return [seen.size, ready, add(), add(), data.answer, j('a', 'b'), typeof os.cpus, typeof Kafka, path.sep === sep, import.meta.filename.endsWith('main.ts')]
}
`,
  )
  prepared = await prepareModule(path.join(folder, 'main.ts'))
})

describe('a prepared module', () => {
  it('has fresh state in each instance: TypeScript, JSON, packages, top-level await, dynamic imports', async () => {
    const expected = [1, 'awaited', 1, 2, 42, 'a/b', 'function', 'function', true, true]
    for (let instance = 0; instance < 2; instance += 1) {
      const { default: main } = (await prepared.instantiate()) as { default: () => Promise<unknown[]> }
      expect(await main()).toEqual(expected)
    }
  })

  it('does not grow memory with its instances', async () => {
    const instances = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await prepared.instantiate()
    }
    await instances(20_000)
    const before = process.memoryUsage().heapUsed
    await instances(20_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000)
  })

  it('says what is wrong with a file that cannot be compiled', async () => {
    await expect(prepareModule('/nowhere/consumer.ts')).rejects.toThrow(/nowhere/)
  })
})
