import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './repository.ts'

/** A service in CommonJS that reads its broker from a variable. */
export const SERVICE = `
const { Kafka } = require('kafkajs')
async function main() {
  const consumer = new Kafka({ clientId: 'a', brokers: [process.env.KAFKA_BROKERS] }).consumer({ groupId: 'g' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })
}
main()
`

/** The scenario of that service, as an expression. */
export const SCENARIO = `{
  name: 'service',
  topics: { orders: { partitions: 1 } },
  records: { orders: 2 },
  consumers: 1,
  app: { module: './service.cjs' },
  env: { KAFKA_BROKERS: 'broker-0:9092' },
  faults: ['crash'],
  effects: 'handlers',
  guarantee: atLeastOnce(),
}`

/** Names of each entry, used as TypeScript. */
const USER = `import * as fc from 'fast-check'
import { atLeastOnce, assertHeld, check, type CheckResult, defineScenario, type Scenario } from 'onceover'
import { always } from 'onceover/assert'
import { type Checker, findingsOf, outcomeOf, schedules } from 'onceover/fast-check'
import { http } from 'onceover/http'
import { serve } from 'onceover/serve'
always(true, 'types are found')
export const service = http((request) => new Response(request.url))
export const scenario: Scenario = defineScenario(${SCENARIO.replace('service.cjs', 'a.js')})
export const result: Promise<CheckResult> = check(scenario, { runs: 5 })
export const held: Promise<CheckResult> = assertHeld('a.scenario.ts')
export const port = async (): Promise<string | undefined> => (await serve({ brokers: 1 })).addresses[0]
const nothing: Checker<string> = { observe: ({ kind }) => (kind === 'commit' ? null : null), finish: () => [] }
export const drawn: Scenario = { ...scenario, records: { orders: { count: 2, each: fc.record({ value: fc.string() }) } } }
export const none = async (): Promise<readonly string[]> => {
  const [schedule] = fc.sample(await schedules(scenario), 1)
  return schedule === undefined ? [] : findingsOf((await outcomeOf(scenario, schedule)).history, nothing)
}
// @ts-expect-error types are found, or this would be any
export const wrong: number = check
`

export interface Resolution {
  readonly typescript: 5 | 7
  readonly module: string
  readonly resolution: string
  readonly type: 'module' | 'commonjs'
}

/** Each `moduleResolution` that TypeScript has. */
export const RESOLUTIONS: readonly Resolution[] = [
  { typescript: 7, module: 'nodenext', resolution: 'nodenext', type: 'module' },
  { typescript: 7, module: 'nodenext', resolution: 'nodenext', type: 'commonjs' },
  { typescript: 7, module: 'esnext', resolution: 'bundler', type: 'module' },
  { typescript: 5, module: 'node16', resolution: 'node16', type: 'module' },
  { typescript: 5, module: 'node16', resolution: 'node16', type: 'commonjs' },
  { typescript: 5, module: 'commonjs', resolution: 'node10', type: 'commonjs' },
]

/** The files of a project that a stranger compiles with these settings. */
export function typesProject({
  module,
  resolution,
  type,
}: Omit<Resolution, 'typescript'>): Readonly<Record<string, string>> {
  const compilerOptions = {
    ...{ module, moduleResolution: resolution, target: 'es2022', strict: true, noEmit: true },
    ...{ skipLibCheck: resolution === 'node10', esModuleInterop: true, types: ['node'] },
  }
  return {
    'package.json': JSON.stringify({ type }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['user.ts'] }),
    'user.ts': USER,
  }
}

/** `package.json` of this package. */
export interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest
}
