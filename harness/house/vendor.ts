import { cpSync, rmSync } from 'node:fs'
import path from 'node:path'

/**
 * Puts esbuild's JavaScript half into the build. As a dependency it has an install script, which
 * pnpm refuses with an error; its other half, one package for each platform, has none.
 */
const root = path.resolve(import.meta.dirname, '../..')
const [from, to] = [path.join(root, 'node_modules/esbuild'), path.join(root, 'dist/vendor/esbuild')]
rmSync(to, { recursive: true, force: true })
for (const file of ['lib/main.js', 'lib/main.d.ts', 'LICENSE.md'])
  cpSync(path.join(from, file), path.join(to, file))
// Under the package's own type it would be taken for an ES module.
cpSync(path.join(root, 'commonjs/package.json'), path.join(to, 'package.json'))
// Its code is among ours (see `bundle.ts`), and so is its licence.
cpSync(path.join(root, 'node_modules/zod/LICENSE'), path.join(root, 'dist/vendor/zod/LICENSE'))
