import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Counterexample } from '../core/counterexample.ts'
import { jsonValue } from '../core/json.ts'
import { LOCALE } from '../core/locale.ts'
import type { PreparedScenario } from '../run/run.interface.ts'

/** The version in package.json, from the sources as from the build. */
export function harnessVersion(): string {
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    try {
      const { name, version } = jsonValue(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
        name: string
        version: string
      }
      if (name === 'onceover') return version
    } catch {
      // Not here: look one folder up.
    }
  }
  return 'unknown'
}

/** In a checkout Node runs the TypeScript; a user's package has the built files. */
export function runsFromSources(): boolean {
  return import.meta.filename.endsWith('.ts')
}

/** The versions and settings that a replay file was made with. */
export function madeWith({ client, timeZone, serviceVersions }: PreparedScenario): Counterexample['made'] {
  const services = Object.keys(serviceVersions).length === 0 ? {} : { services: serviceVersions }
  return { harness: harnessVersion(), node: process.version, client, timeZone, locale: LOCALE, ...services }
}
