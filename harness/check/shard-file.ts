import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { UsageError } from '../core/errors.ts'
import { jsonText, jsonValue } from '../core/json.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Shard } from '../search/shard.ts'
import { writeWhole } from './counterexample-file.ts'
import { harnessVersion } from './version.ts'

/** The file that one part of a search leaves for `onceover merge`: its results, whole. */
export interface ShardFile {
  readonly version: typeof VERSION
  readonly harness: string
  readonly seed: string
  readonly runs: number
  readonly strategy: string
  readonly shard: Shard
  readonly results: readonly ScenarioResult[]
}

const VERSION = 1

const shape = z.looseObject({
  version: z.literal(VERSION),
  harness: z.string(),
  seed: z.string(),
  runs: z.number(),
  strategy: z.string(),
  shard: z.strictObject({ index: z.number(), of: z.number() }),
  // Written by the same release, which `demandWhole` makes sure of.
  results: z.array(z.looseObject({ name: z.string(), verdict: z.string() })),
})

/** Writes it to that folder, and returns its path. */
export function writeShardFile(
  folder: string,
  about: Pick<ShardFile, 'seed' | 'runs' | 'strategy' | 'shard'>,
  results: readonly ScenarioResult[],
): string {
  const { seed, runs, strategy, shard } = about
  const file = path.join(folder, `shard-${shard.index}-of-${shard.of}.json`)
  const content: ShardFile = {
    version: VERSION,
    harness: harnessVersion(),
    seed,
    runs,
    strategy,
    shard,
    results,
  }
  writeWhole(path.resolve(file), `${jsonText(content, null, 2)}\n`)
  return file
}

/** @throws UsageError where it is not there, or is no such file */
export function readShardFile(file: string): ShardFile {
  let content: unknown
  try {
    content = jsonValue(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(
      'missing-file',
      `${file} cannot be read: ${why}; type the files that check --shard wrote`,
    )
  }
  if (!shape.safeParse(content).success)
    throw new UsageError(
      'missing-file',
      `${file} is no file of check --shard; type shard-1-of-N.json and the others`,
    )
  return content as ShardFile
}

/**
 * The parts in their order.
 * @throws UsageError where one is missing or there twice, or they are not of one search
 */
export function demandWhole(files: readonly ShardFile[]): readonly ShardFile[] {
  const [first] = files
  if (first === undefined) return []
  const search = ({ harness, seed, runs, strategy, shard }: ShardFile): string =>
    `seed ${seed}, ${runs} runs, ${strategy}, ${shard.of} parts, onceover ${harness}`
  const other = files.find((each) => search(each) !== search(first))
  if (other !== undefined)
    throw new UsageError(
      'missing-file',
      `these are parts of two searches: ${search(first)}; and ${search(other)}; give all parts the same --seed, --runs and files`,
    )
  const parts = Array.from({ length: first.shard.of }, (_, index) => index + 1)
  const given = files.map(({ shard }) => shard.index)
  const missing = parts.filter((index) => !given.includes(index))
  if (missing.length > 0)
    throw new UsageError(
      'missing-file',
      `of ${first.shard.of} parts ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing; add shard-${missing[0]}-of-${first.shard.of}.json`,
    )
  if (given.length > parts.length)
    throw new UsageError(
      'missing-file',
      `${given.length} files for ${parts.length} parts; give each part once`,
    )
  return files.toSorted((a, b) => a.shard.index - b.shard.index)
}
