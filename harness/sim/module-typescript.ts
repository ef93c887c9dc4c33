import type { TsConfigResult } from 'get-tsconfig'

/** `compilerOptions` of a tsconfig.json, as they are written there. */
export type CompilerOptions = NonNullable<TsConfigResult['config']['compilerOptions']>

/** Compiles one file of TypeScript: gives JavaScript with a source map at its end. */
export type Compile = (file: string, text: string) => string

/** The part of TypeScript's API that is used here; TypeScript 7 has none. */
interface TypeScriptApi {
  readonly versionMajorMinor: string
  createProgram(roots: readonly string[], options: object, host: unknown, old: Program | undefined): Program
  createCompilerHost(options: object): unknown
  convertCompilerOptionsFromJson(options: object, folder: string): { readonly options: object }
}

interface Program {
  getSourceFile(file: string): object | undefined
  emit(file: object, write: (name: string, text: string) => void): unknown
}

export function isTypeScriptApi(module: unknown): module is TypeScriptApi {
  return typeof module === 'object' && module !== null && 'createProgram' in module
}

/**
 * Compiles as `tsc` does, with types at hand: whether an imported name is an interface or a class
 * decides what a decorator is told, and a `const enum` of a package has no value but there. Nothing
 * is checked, and types of the language and of Node are left out: no code depends on them.
 */
export function withTypeScript(typescript: TypeScriptApi, options: CompilerOptions, folder: string): Compile {
  const modern = Number.parseInt(typescript.versionMajorMinor, 10) >= 5
  const asked = {
    ...withoutOutput(options),
    // What esbuild takes, and the same meaning of class fields as with the project's own target.
    ...{ module: 'esnext', moduleResolution: modern ? 'bundler' : 'node', target: 'es2022' },
    useDefineForClassFields: definesFields(options),
    ...{ inlineSourceMap: true, removeComments: false, noLib: true, types: [], lib: undefined },
  }
  const { options: converted } = typescript.convertCompilerOptionsFromJson(asked, folder)
  // Where path aliases without a baseUrl start: TypeScript's reader of whole files would set it.
  const compilerOptions = { ...converted, pathsBasePath: folder }
  const host = typescript.createCompilerHost(compilerOptions)
  let roots: readonly string[] = []
  let program: Program | undefined
  return (file, text) => {
    if (program?.getSourceFile(file) === undefined) {
      // Another list each time: by the old program's own, TypeScript sees what has come to it.
      roots = [...roots, file]
      program = typescript.createProgram(roots, compilerOptions, host, program)
    }
    const source = program.getSourceFile(file)
    let code = text
    if (source !== undefined)
      program.emit(source, (name, written) => {
        if (/\.[cm]?jsx?$/.test(name)) code = written
      })
    return code
  }
}

/** Nothing is written, so nothing may ask where to. */
function withoutOutput(options: CompilerOptions): object {
  const gone = ['outDir', 'outFile', 'rootDir', 'declaration', 'declarationMap', 'composite', 'incremental']
  const more = [
    'tsBuildInfoFile',
    'sourceMap',
    'inlineSources',
    'noEmit',
    'emitDeclarationOnly',
    'noEmitOnError',
  ]
  const left = Object.entries(options).filter(([name]) => ![...gone, ...more].includes(name))
  return Object.fromEntries(left)
}

/** TypeScript's own default: by the target. */
export function definesFields({ useDefineForClassFields, target }: CompilerOptions): boolean {
  if (useDefineForClassFields !== undefined) return useDefineForClassFields
  const [, year = '0'] = /^es(\d{4})$/i.exec(target ?? '') ?? []
  return Number(year) >= 2022 || /^esnext$/i.test(target ?? '')
}
