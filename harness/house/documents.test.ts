import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS, exists, ROOT, SOURCES } from './repository.ts'

/** Inline code of a document, fenced blocks left out. */
function codeOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/**
 * A path of ours: with a folder, or a file's ending. Placeholders, globs, options and packages are
 * none.
 */
function looksLikePath(code: string): boolean {
  if (!/^[\w.@/-]+$/.test(code) || /^[@-]/.test(code)) return false
  return /\.(ts|md|json)$/.test(code) || /^(harness|properties|reports|scenarios|\.ci)\//.test(code)
}

/** `search(prepared, …)`, `createWorld`: what a recipe tells its reader to call or to write. */
function looksLikeName(code: string): string | null {
  return /^([a-z]+[A-Z]\w*)(\(.*\))?$/.exec(code)?.[1] ?? /^(\w+)\(.*\)$/.exec(code)?.[1] ?? null
}

/** Names of users' things, of packages and of Kafka: no names of ours. */
const THEIRS = readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')

const words = new Set(SOURCES.flatMap(({ text }) => text.match(/[\w$]+/g) ?? []))

const folders = readdirSync(path.join(ROOT, 'harness'), { withFileTypes: true }).filter((each) =>
  each.isDirectory(),
)

describe('the documents', () => {
  it.each(['CONTRIBUTING.md', 'harness/README.md'])(
    '%s has every folder of the harness in its map',
    (map) => {
      const text = DOCUMENTS.find(({ file }) => file === map)?.text ?? ''
      const rows = text.split('\n').filter((line) => line.startsWith('| '))
      const missing = folders.filter(({ name }) =>
        rows.every((row) => !row.includes(`\`${name}\``) && !row.includes(`\`harness/${name}\``)),
      )
      expect(missing.map(({ name }) => name)).toEqual([])
    },
  )

  it('name files and folders that are there', () => {
    const wrong = DOCUMENTS.flatMap(({ file, text }) =>
      codeOf(text)
        .filter((code) => looksLikePath(code) && !exists(code, file) && !THEIRS.includes(`"${code}"`))
        .map((code) => `${file}: ${code}`),
    )
    expect(wrong, 'mend the path').toEqual([])
  })

  it('have links that lead somewhere', () => {
    const wrong = DOCUMENTS.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^(https?:|#)/.test(target) && !exists(target.replace(/#.*/, ''), file))
        .map((target) => `${file}: ${target}`),
    )
    expect(wrong, 'mend the link').toEqual([])
  })

  it('have links to headings that are there', () => {
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-')
    const wrong = DOCUMENTS.flatMap(({ file, text }) => {
      const headings = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading)))
      return [...text.matchAll(/\]\(#([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !headings.has(target))
        .map((target) => `${file}: #${target}`)
    })
    expect(wrong, 'mend the link').toEqual([])
  })

  it('name functions and fields that are there', () => {
    const wrong = DOCUMENTS.flatMap(({ file, text }) =>
      codeOf(text).flatMap((code) => {
        const name = looksLikeName(code)
        return name === null || words.has(name) ? [] : [`${file}: ${code}`]
      }),
    )
    expect(wrong, 'a recipe that names what is not there leads nowhere').toEqual([])
  })

  it('have one title each', () => {
    const wrong = DOCUMENTS.filter(({ text }) => {
      const prose = text.replace(/```[\s\S]*?```/g, '')
      return prose.match(/^# /gm)?.length !== 1 || !text.startsWith('# ')
    })
    expect(wrong.map(({ file }) => file)).toEqual([])
  })

  it('name scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const wrong = DOCUMENTS.flatMap(({ file, text }) =>
      [...text.matchAll(/npm run ([\w:-]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => scripts[name] === undefined)
        .map((name) => `${file}: npm run ${name}`),
    )
    expect(wrong).toEqual([])
  })
})
