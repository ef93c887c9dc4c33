import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * One folder for all temporary files of a run of the tests, gone when they have ended: `TMPDIR` of
 * every process that they start.
 */
export default function useOneFolder(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
