import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const conditions = ['onceover-source', 'module', 'node', 'development|production']
const FIXTURES = ['imported', 'in-file']

/** One after the other: what a replay is of has been written before it begins. */
function round(
  groupOrder: number,
  env: Readonly<Record<string, string>>,
  fixtures: readonly string[] = FIXTURES,
): TestProjectInlineConfiguration {
  const include = fixtures.map((name) => `harness/vitest/testing/${name}.fixture.ts`)
  return { extends: true, test: { name: `round ${groupOrder}`, include, env, sequence: { groupOrder } } }
}

/** Runs the fixtures, which are expected to fail, and never the repository's own tests. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    isolate: false,
    // As in a user's project, the harness is a package that Node itself loads.
    server: { deps: { external: [/harness\/(?!.*fixture)/] } },
    execArgv: ['--conditions=onceover-source'],
    projects: [
      round(0, {}),
      round(1, { ONCEOVER_REPLAY: '.onceover/defined-in-its-test-lost-record.json' }, ['in-file']),
      round(2, { ONCEOVER_REAL: 'brokers=127.0.0.1:1' }),
    ],
  },
})
