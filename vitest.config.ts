import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests of plain data and of the cluster patch no globals. */
const PLAIN = [
  '{properties,reports}/**/*.test.ts',
  'harness/layers.test.ts',
  'harness/{core,fidelity,house,kafka}/**/*.test.ts',
]
/**
 * Tests about code that kept something of Node's own before the first simulation replaced it, and
 * about the heap: each file has a process of its own.
 */
const APART = [
  'harness/run/border.test.ts',
  'harness/run/garbage.test.ts',
  'harness/sim/ambient/files.test.ts',
]
const ALL = ['{harness,properties,reports,scenarios}/**/*.test.ts']
/** Some packages are published with their tests. */
const PACKAGES = '**/node_modules/**'

// Processes and threads find the harness compiled: loading it is half of a short one's work.
process.env['NODE_COMPILE_CACHE'] = path.resolve('node_modules/.cache/onceover/compiled')

export default defineConfig({
  test: {
    // Limits that only end what hangs: no test measures the machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000, interval: 5 } },
    pool: 'forks',
    // Node loads the sources as it does for users: Vite's own runner costs a fifth of the CPU.
    execArgv: ['--conditions=onceover-source'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // `npm run test:cost` asks what each file takes.
    setupFiles: process.env['TEST_COST_FILE'] === undefined ? [] : ['harness/house/cost-setup.ts'],
    globalSetup: ['harness/house/temporary-files.ts'],
    projects: [
      // Files of one project share a process and its modules: loading them is dear.
      { extends: true, test: { name: 'plain', isolate: false, include: PLAIN } },
      {
        extends: true,
        test: {
          name: 'simulated',
          isolate: false,
          include: ALL,
          exclude: [...PLAIN, ...APART, PACKAGES],
        },
      },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
})
