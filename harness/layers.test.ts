import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Folders are layers and imports point one way, type imports included. The key may import the
 * values; a folder that needs more moves the shared part down, or takes it as an interface.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'harness/core': [],
  'harness/assert': ['harness/core'],
  'harness/cache': [],
  'harness/house': [],
  'harness/sim': ['harness/core'],
  'harness/kafka': ['harness/core'],
  'harness/poll-loop': ['harness/core', 'harness/kafka'],
  'harness/clients': ['harness/core', 'harness/sim', 'harness/poll-loop'],
  'harness/services': ['harness/core', 'harness/cache', 'harness/sim'],
  'harness/faults': ['harness/core', 'harness/sim', 'harness/kafka'],
  properties: ['harness/core'],
  reports: ['harness/core'],
  'harness/run': [
    'harness/core',
    'harness/sim',
    'harness/kafka',
    'harness/clients',
    'harness/faults',
    'properties',
  ],
  'harness/scenario': [
    'harness/core',
    'harness/sim',
    'harness/kafka',
    'harness/clients',
    'harness/run',
    'properties',
  ],
  'harness/search': ['harness/core', 'harness/run', 'properties'],
  'harness/check': [
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'properties',
    'reports',
  ],
  'harness/real': [
    'harness/core',
    'harness/cache',
    'harness/sim',
    'harness/kafka',
    'harness/faults',
    'harness/clients',
    'harness/run',
    'harness/scenario',
    'harness/check',
    'harness/fidelity',
    'properties',
    'harness/serve',
  ],
  'harness/serve': ['harness/core', 'harness/kafka'],
  'harness/fidelity': [
    'harness/core',
    'harness/cache',
    'harness/kafka',
    'harness/serve',
    'harness/poll-loop',
  ],
  'harness/canaries': [
    'properties',
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'harness/check',
    'scenarios',
  ],
  'harness/claims': [
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'harness/check',
    'scenarios',
  ],
  'harness/cli': [
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'harness/check',
    'harness/real',
    'harness/serve',
    'properties',
    'reports',
  ],
  'harness/vitest': [
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'harness/check',
    'harness/real',
    'properties',
    'reports',
  ],
  'harness/fast-check': [
    'harness/core',
    'harness/run',
    'harness/scenario',
    'harness/search',
    'harness/check',
  ],
  'harness/embedded': ['harness/core', 'harness/scenario', 'harness/check', 'reports'],
  'harness/bench': ['harness', 'properties', 'reports', 'scenarios'],
  harness: ['harness/core', 'harness/scenario', 'harness/embedded', 'properties', 'harness/serve'],
  scenarios: [],
}

/**
 * Doors: what a folder gives is what these files export; tests may also import its `testing/`.
 * Tools may open the second one, which is not in the package.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'harness/kafka': ['harness/kafka/index.ts', 'harness/kafka/probe/index.ts'],
}

/**
 * The floors of `harness/kafka`, from below: a file imports from its own floor and those below it.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['wire'],
  ['client'],
  ['cluster.interface.ts', 'turns.ts'],
  ['cluster-clock.ts', 'config', 'lazy-task.ts', 'request-info.ts', 'versions'],
  ['settings.ts'],
  ['features.ts', 'leader-balance.ts'],
  ['cluster-host.interface.ts'],
  ['access', 'log', 'producer'],
  ['quota', 'replication'],
  ['topics'],
  ['state-log'],
  ['group'],
  ['txn'],
  ['cluster-parts.interface.ts'],
  ['stale', 'requests'],
  ['broker'],
  ['cluster.ts'],
  ['index.ts', 'probe'],
  ['testing'],
]

/** The only folder that may patch globals and built-in modules. */
const AMBIENT = 'harness/sim/ambient'

const root = path.resolve(import.meta.dirname, '..')

interface Import {
  readonly from: string
  readonly to: string
}

const files = ['harness', 'properties', 'reports', 'scenarios'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`)
    // Projects of their own, with their own packages.
    .filter((name) => !/^scenarios\/(?:nest\/nest-|.*\/npm\/)/.test(name)),
)
const sources = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]))

function importsOf(file: string): Import[] {
  const source = sources.get(file) ?? ''
  const found = source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)
  return [...found].map(([, target = '']) => ({ from: file, to: path.join(path.dirname(file), target) }))
}

function layerOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  if (top !== 'harness') return top
  return second.endsWith('.ts') ? 'harness' : `harness/${second}`
}

const imports = files.filter((file) => !file.endsWith('.test.ts')).flatMap(importsOf)

describe('the house', () => {
  it('has a place in the map for every folder', () => {
    const unknown = [...new Set(files.map(layerOf))].filter((layer) => LAYERS[layer] === undefined)
    expect(
      unknown,
      'add the folder to LAYERS in harness/layers.test.ts and to the map in CONTRIBUTING.md',
    ).toEqual([])
  })

  it('has imports that point one way', () => {
    const wrong = imports.flatMap(({ from, to }) => {
      const [layer, target] = [layerOf(from), layerOf(to)]
      const allowed = LAYERS[layer] ?? []
      const inside =
        layer === target || allowed.some((name) => target === name || target.startsWith(`${name}/`))
      return inside
        ? []
        : [
            `${from} imports ${to}: ${layer} may not know ${target}. Move what both need into harness/core, or let the caller hand it in as an interface.`,
          ]
    })
    expect(wrong).toEqual([])
  })

  it('is entered by its doors', () => {
    const wrong = imports.flatMap(({ from, to }) => {
      const doors = DOORS[layerOf(to)]
      if (doors === undefined || layerOf(from) === layerOf(to) || doors.includes(to)) return []
      if (from.includes('/testing/') && to.includes('/testing/')) return []
      return [`${from} imports ${to}: export what it needs from ${doors[0]}, and import that`]
    })
    expect(wrong).toEqual([])
  })

  it('imports no test code where it is none itself', () => {
    const isTest = (file: string): boolean => /\/testing\/|\.test\.ts$/.test(file)
    const wrong = imports
      .filter(({ from, to }) => isTest(to) && !isTest(from))
      .map(({ from, to }) => `${from} imports ${to}: move what a tool needs out of testing/`)
    expect(wrong).toEqual([])
  })

  it('has floors in harness/kafka, and no import climbs', () => {
    const inside = 'harness/kafka/'
    const floorOf = (file: string): number => {
      const [room = ''] = file.slice(inside.length).split('/')
      return FLOORS.findIndex((rooms) => rooms.includes(room))
    }
    const wrong = imports
      .filter(({ from, to }) => from.startsWith(inside) && to.startsWith(inside))
      .filter(({ from, to }) => floorOf(from) === -1 || floorOf(to) > floorOf(from))
      .map(
        ({ from, to }) =>
          `${from} imports ${to}, which is above it (or not in FLOORS): move what both need down, or hand it in`,
      )
    expect(wrong).toEqual([])
  })

  it('has no circles', () => {
    expect(findCircle(), 'take what both ends need into a file of its own').toBeNull()
  })

  it('patches globals in one folder only', () => {
    const patches =
      /syncBuiltinESMExports|globalThis\.\w+\s*=[^=]|Object\.defineProperty\(globalThis|process\.emit\s*=[^=]/
    const wrong = files.filter(
      (file) =>
        !file.startsWith(AMBIENT) && !file.endsWith('.test.ts') && patches.test(sources.get(file) ?? ''),
    )
    expect(wrong, `move the patch to ${AMBIENT}`).toEqual([])
  })

  it('sees imports at all', () => {
    expect(imports.length).toBeGreaterThan(100)
  })
})

function findCircle(): string | null {
  const next = Map.groupBy(imports, ({ from }) => from)
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): string | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' -> ')
    if (done.has(file)) return null
    done.add(file)
    for (const { to } of next.get(file) ?? []) {
      const circle = visit(to, [...trail, file])
      if (circle !== null) return circle
    }
    return null
  }
  for (const file of files) {
    const circle = visit(file, [])
    if (circle !== null) return circle
  }
  return null
}
