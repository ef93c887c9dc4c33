import { defineConfig } from 'vitest/config'

const conditions = ['onceover-source', 'module', 'node', 'development|production']

/** Runs the fixtures, which are expected to fail, and never the repository's own tests. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['harness/vitest/testing/*.fixture.ts'],
    pool: 'forks',
    isolate: false,
    // As in a user's project, the harness is a package that Node itself loads.
    server: { deps: { external: [/harness\/(?!.*fixture)/] } },
    execArgv: ['--conditions=onceover-source'],
  },
})
