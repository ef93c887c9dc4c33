import { expect, it } from 'vitest'
import { withTypeScript } from './module-typescript.ts'

interface FakeProgram {
  readonly roots: readonly string[]
  readonly files: readonly string[]
}

/** A TypeScript to which a program with the list of files of the old one is the old one. */
const typescript = {
  versionMajorMinor: '5.9',
  createCompilerHost: () => ({}),
  convertCompilerOptionsFromJson: (options: object) => ({ options }),
  createProgram(roots: readonly string[], _options: object, _host: unknown, old?: object) {
    const before = programs.get(old ?? {})
    const made = before?.roots === roots ? before : { roots, files: [...roots] }
    const program = {
      getSourceFile: (file: string) => (made.files.includes(file) ? { file } : undefined),
      emit: (_file: object, write: (name: string, text: string) => void) => write('a.js', 'compiled'),
    }
    programs.set(program, made)
    return program
  },
}
const programs = new Map<object, FakeProgram>()

it('compiles each file, in whatever order they come', () => {
  const compile = withTypeScript(typescript, {}, '/app')
  expect(['/app/entity.ts', '/app/main.ts'].map((file) => compile(file, 'as it was'))).toEqual([
    'compiled',
    'compiled',
  ])
})
