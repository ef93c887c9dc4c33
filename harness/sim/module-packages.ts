import Module from 'node:module'
import path from 'node:path'

export type Namespace = Readonly<Record<string, unknown>>

/**
 * The `module.exports` of a CommonJS module's code, compiled as if it stood in a file at
 * `filename`. Node compiles it in its own way: `import()` in it finds packages as that file would,
 * and stacks follow its source map.
 */
export function compileAt(filename: string, code: string): unknown {
  const module = new Module(filename) as Module & { _compile(code: string, filename: string): void }
  module._compile(code, filename)
  return module.exports
}

/** Imports a package as the file itself would: by its folder, and by the conditions of `import`. */
export async function importAs(
  file: string,
  name: string,
): Promise<{ readonly exports: Namespace } | { readonly error: unknown }> {
  const place = path.join(path.dirname(file), 'onceover-import.cjs')
  const load = compileAt(place, 'module.exports = (name) => import(name)') as (
    name: string,
  ) => Promise<Namespace>
  try {
    return { exports: await load(name) }
  } catch (error) {
    return { error }
  }
}
