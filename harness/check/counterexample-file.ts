import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { COUNTEREXAMPLE_VERSION, type Counterexample } from '../core/counterexample.ts'
import { errorCode } from '../core/error-text.ts'
import { UsageError } from '../core/errors.ts'
import { jsonText, jsonValue } from '../core/json.ts'
import { parsePartitionName, partitionName } from '../core/names.ts'
import { complaint, shown } from '../scenario/validate.ts'
import { COUNTEREXAMPLE } from './counterexample-schema.ts'

/**
 * Writes it whole or not at all, as `<folder>/<scenario-slug>-<property>.json`; gives the absolute
 * path. The files of `taken` are of the same check, and stay.
 */
export function writeCounterexample(
  folder: string,
  content: Counterexample,
  taken: ReadonlySet<string> = new Set(),
): string {
  const { scenario, violation } = content
  const base = `${slugOf(scenario.name)}-${violation.property}`
  const text = `${jsonText(content, null, 2)}\n`
  let file = path.join(folder, `${base}.json`)
  for (let number = 2; taken.has(file) || !keeps(file, text, scenario); number += 1)
    file = path.join(folder, `${base}-${number}.json`)
  return file
}

/** Writes it where the file is this scenario's; whether it did. */
function keeps(file: string, text: string, scenario: Counterexample['scenario']): boolean {
  if (!existsSync(file) && claim(file, text)) return true
  if (!isOf(file, scenario)) return false
  writeWhole(file, text)
  return true
}

/** Errors of file systems that have no links: FAT, and some of networks and virtual machines. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * Writes a file that is not there yet, whole; false where another process was faster, whose file
 * stays.
 */
export function claim(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.claim.tmp`
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    removeLeftovers(file)
    writeWhole(temporary, text)
    linkSync(temporary, file)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST') return false
    // Two writers at once are the smaller evil.
    if (WITHOUT_LINKS.has(code)) {
      writeWhole(file, text)
      return true
    }
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Whether it is an earlier counterexample of this scenario: two files may have one name. */
function isOf(file: string, { name, file: scenarioFile }: Counterexample['scenario']): boolean {
  try {
    const { scenario } = jsonValue(readFileSync(file, 'utf8')) as Partial<Counterexample>
    return scenario?.name === name && scenario.file === scenarioFile
  } catch {
    return false
  }
}

/** A process that writes needs less, also on another machine that shares the folder. */
const LEFT_MS = 60_000
/** Behind the name of the file: `.<process>.tmp`, and where it was claimed. */
const LEFT = /^\.\d+\.(?:claim\.tmp\.\d+\.)?tmp$/

/** Removes what processes left here that were killed in the middle of writing this file. */
function removeLeftovers(file: string): void {
  const { dir, base } = path.parse(file)
  const left = readdirSync(dir)
    .filter((name) => name.startsWith(base) && LEFT.test(name.slice(base.length)))
    .map((name) => path.join(dir, name))
  for (const each of left) {
    const writtenMs = statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    if (Date.now() - writtenMs > LEFT_MS) rmSync(each, { force: true })
  }
}

/** A reader sees the old file or the new one, never half of it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  removeLeftovers(file)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)
  return slug === '' ? 'scenario' : slug
}

/**
 * Reads a replay file.
 * @throws UsageError `missing-file`, `bad-counterexample`
 */
export function readCounterexample(file: string): Counterexample {
  const content = parsed(file, textOf(file))
  const version = typeof content === 'object' && content !== null && 'version' in content && content.version
  if (version !== undefined && version !== false && version !== COUNTEREXAMPLE_VERSION) {
    throw broken(
      `${file} is a replay file of version ${shown(version)}, and this onceover reads version ${COUNTEREXAMPLE_VERSION}; make a new one with 'onceover check'`,
    )
  }
  const wrong = complaint(COUNTEREXAMPLE, content, file)
  if (wrong !== null) throw broken(wrong)
  const whole = content as Counterexample
  const missing = missingPartition(whole)
  if (missing !== null) throw broken(`${file} ${missing}`)
  return withMarks(whole)
}

/**
 * Lines of older files do not say what they are, nor which events they tell: pictures draw them as
 * ordinary work.
 */
function withMarks(content: Counterexample): Counterexample {
  const { explanation } = content
  const story = explanation.story.map((line) => ({
    ...line,
    mark: line.mark ?? 'work',
    events: line.events ?? [],
  }))
  return { ...content, explanation: { ...explanation, story } }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new UsageError(
        'missing-file',
        `there is no file ${file}; type the path of a replay file that 'onceover check' wrote`,
      )
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError('missing-file', `${file} cannot be read: ${why}`)
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return jsonValue(text)
  } catch {
    throw broken(`${file} is not JSON; it must be a replay file that 'onceover check' wrote`)
  }
}

function missingPartition({ schedule }: Counterexample): string | null {
  const { topics, records, committed = {} } = schedule.workload
  for (const { topic, partition } of records) {
    if (partition >= (topics[topic]?.partitions ?? 0))
      return `has a record for ${partitionName({ topic, partition })}, which is not among its topics; add it to 'schedule.workload.topics'`
  }
  for (const [group, begins] of Object.entries(committed)) {
    for (const name of Object.keys(begins)) {
      const at = parsePartitionName(name)
      if (at === null || at.partition >= (topics[at.topic]?.partitions ?? 0))
        return `lets the group '${group}' begin at '${name}', which is not among its topics; add it to 'schedule.workload.topics'`
    }
  }
  return null
}

function broken(message: string): UsageError {
  return new UsageError('bad-counterexample', message)
}
