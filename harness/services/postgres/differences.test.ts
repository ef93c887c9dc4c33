import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { DIFFERENCES } from './testing/cases.ts'
import { tableOf } from './testing/table.ts'

const PAGE = path.resolve(import.meta.dirname, '../../../docs/postgres.md')
const MARK =
  '<!-- differences: made by differences.test.ts; npx vitest run harness/services/postgres/differences.test.ts -u -->\n'

it('docs/postgres.md has the differences between the engines, as they are tested', async () => {
  const [before = ''] = readFileSync(PAGE, 'utf8').split(MARK)
  await expect(`${before}${MARK}\n${tableOf(DIFFERENCES)}`).toMatchFileSnapshot(PAGE)
})
