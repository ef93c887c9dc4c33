import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{harness,properties,reports,scenarios}/**/*.test.ts'],
    // Limits that only end what hangs: no test measures the machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000, interval: 5 } },
    pool: 'forks',
  },
})
