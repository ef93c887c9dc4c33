import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { functionsOf, LONG_LINES, linesOf, TESTS } from './functions.ts'
import { ROOT } from './repository.ts'
import { type SourceReading, visit } from './syntax.ts'

/**
 * `npm run house:figures [-- FOLDER]`: how large files and functions of a checkout are, and how
 * often its types are overruled; of this one, unless a folder is given. Blank lines and comments
 * do not count as lines. Code is apart from tests: files named `.test.ts`, or in a folder
 * `testing`. Bundled scenarios are examples, and are left out.
 */
const FOLDERS = ['harness', 'properties', 'reports']

interface HouseFigures {
  /** Lines of each file. */
  readonly files: number[]
  /** Lines of each function, of those inside others, too. */
  readonly functions: number[]
  casts: number
  doubleCasts: number
  any: number
  nonNull: number
}

function figuresOf(root: string, isWanted: (file: string) => boolean): HouseFigures {
  const figures: HouseFigures = { files: [], functions: [], casts: 0, doubleCasts: 0, any: 0, nonNull: 0 }
  for (const file of filesOf(root).filter(isWanted)) measure(root, file, figures)
  return figures
}

function filesOf(root: string): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`),
  ).filter((name) => !name.includes('/node_modules/'))
}

function measure(root: string, file: string, figures: HouseFigures): void {
  const text = readFileSync(path.join(root, file), 'utf8')
  figures.files.push(linesOf(text))
  figures.functions.push(...functionsOf({ file, text }).map(({ lines }) => lines))
  visit({ file, text }, (reading: SourceReading) => {
    return {
      TSNonNullExpression() {
        figures.nonNull += 1
      },
      TSAnyKeyword() {
        figures.any += 1
      },
      TSAsExpression({ expression, typeAnnotation }) {
        if (reading.textOf(typeAnnotation) === 'const') return
        figures.casts += 1
        const { type } = expression
        if (type === 'TSAsExpression' && expression.typeAnnotation.type === 'TSUnknownKeyword')
          figures.doubleCasts += 1
      },
    }
  })
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return `${at(0.5)} / ${at(0.95)} / ${at(1)}`
}

function rowsOf({ files, functions, ...types }: HouseFigures): Readonly<Record<string, string | number>> {
  return {
    files: files.length,
    'lines of code': files.reduce((sum, lines) => sum + lines, 0),
    'file: median / p95 / largest': spread(files),
    functions: functions.length,
    'function: median / p95 / largest': spread(functions),
    [`functions over ${LONG_LINES} lines`]: functions.filter((lines) => lines > LONG_LINES).length,
    '`as`, without `as const`': types.casts,
    '`as unknown as`': types.doubleCasts,
    '`any`': types.any,
    'non-null `!`': types.nonNull,
  }
}

const root = path.resolve(process.argv[2] ?? ROOT)
const code = rowsOf(figuresOf(root, (file) => !TESTS.test(file)))
const tests = rowsOf(figuresOf(root, (file) => TESTS.test(file)))
console.log('| | code | tests |\n|---|---|---|')
for (const [name, value] of Object.entries(code)) console.log(`| ${name} | ${value} | ${tests[name]} |`)
