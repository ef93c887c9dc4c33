import { defineConfig } from 'vitest/config'

/**
 * Tests of plain data and of the cluster patch no globals: their files share a process and its
 * modules.
 */
const SHARED = [
  '{properties,reports}/**/*.test.ts',
  'harness/layers.test.ts',
  'harness/{canaries,core,fidelity,house,kafka}/**/*.test.ts',
]
/** Tests that simulate patch globals and watch for leaks: each file has a process of its own. */
const APART = ['{harness,properties,reports,scenarios}/**/*.test.ts']

export default defineConfig({
  resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] } },
  test: {
    // Limits that only end what hangs: no test measures the machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000, interval: 5 } },
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'shared', isolate: false, include: SHARED } },
      { extends: true, test: { name: 'apart', include: APART, exclude: SHARED } },
    ],
  },
})
