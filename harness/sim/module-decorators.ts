import { createRequire } from 'node:module'
import path from 'node:path'
import { getTsconfig, type TsConfigResult } from 'get-tsconfig'
import {
  type Compile,
  type CompilerOptions,
  definesFields,
  isTypeScriptApi,
  withTypeScript,
} from './module-typescript.ts'

interface Swc {
  transformSync(text: string, options: object): { readonly code: string }
}

/**
 * Compiles the user's TypeScript where its tsconfig.json asks for `emitDecoratorMetadata`, which
 * esbuild can't do: NestJS, TypeORM and others find by it what a constructor takes. The compiler is
 * the project's own.
 */
export class DecoratorMetadata {
  /** By folder; null: the tsconfig.json there, or its absence, needs nothing. */
  readonly #compilers: Map<string, Compile | null> = new Map()
  readonly #configs: Map<string, Compile> = new Map()
  readonly #cache: Map<string, unknown> = new Map()

  /**
   * JavaScript for this file; null: esbuild can do it.
   * @throws Error where nothing that the project has can compile it
   */
  compiled(file: string, text: string): string | null {
    if (!/\.[cm]?tsx?$/.test(file) || !/@\s*[\w(]/.test(text)) return null
    return this.#compilerIn(path.dirname(file))?.(file, text) ?? null
  }

  #compilerIn(folder: string): Compile | null {
    const known = this.#compilers.get(folder)
    if (known !== undefined) return known
    const config = getTsconfig(folder, 'tsconfig.json', this.#cache)
    const asks = config?.config.compilerOptions?.emitDecoratorMetadata === true
    const compile = config === null || !asks ? null : this.#compilerOf(config)
    this.#compilers.set(folder, compile)
    return compile
  }

  #compilerOf(found: TsConfigResult): Compile {
    const compile = this.#configs.get(found.path) ?? compilerFor(found)
    this.#configs.set(found.path, compile)
    return compile
  }
}

function compilerFor({ path: config, config: { compilerOptions: options = {} } }: TsConfigResult): Compile {
  const require = createRequire(config)
  const typescript = load(require, 'typescript')
  if (isTypeScriptApi(typescript)) return withTypeScript(typescript, options, path.dirname(config))
  const swc = load(require, '@swc/core')
  if (swc !== null) return withSwc(swc as Swc, options)
  const lacking =
    typescript === null
      ? 'neither typescript nor @swc/core is there'
      : 'its TypeScript has no API, and @swc/core is not there'
  throw new Error(
    `${config} sets emitDecoratorMetadata, which takes the project's own compiler, and ${lacking}; type npm install --save-dev @swc/core, or build the app and give app.module the compiled file`,
  )
}

function load(require: NodeJS.Require, name: string): unknown {
  try {
    return require(name)
  } catch {
    return null
  }
}

function withSwc(swc: Swc, options: CompilerOptions): Compile {
  return (file, text) =>
    swc.transformSync(text, {
      filename: file,
      swcrc: false,
      configFile: false,
      sourceMaps: 'inline',
      inlineSourcesContent: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true, tsx: file.endsWith('x') },
        transform: {
          legacyDecorator: true,
          decoratorMetadata: true,
          useDefineForClassFields: definesFields(options),
        },
      },
    }).code
}
