import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['onceover-source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{harness,properties,reports,scenarios}/**/*.test.ts'],
    testTimeout: 60_000,
    pool: 'forks',
  },
})
