import { APIS, type ApiName } from '../wire/index.ts'
import { RELEASES, type Release } from './releases.ts'

/** The versions that a broker of one release serves, by the requests' keys. */
export class Profile {
  readonly release: Release
  readonly #ranges: ReadonlyMap<number, readonly [number, number]>

  constructor(release: Release) {
    this.release = release
    this.#ranges = new Map(
      Object.entries(RELEASES[release]).map(([name, range]) => [APIS[name as ApiName].key, range]),
    )
  }

  serves(apiKey: number, version: number): boolean {
    const range = this.#ranges.get(apiKey)
    return range !== undefined && version >= range[0] && version <= range[1]
  }

  /** The part of this range that the release serves, too, or null. */
  common(apiKey: number, min: number, max: number): { readonly min: number; readonly max: number } | null {
    const range = this.#ranges.get(apiKey)
    if (range === undefined) return null
    const both = { min: Math.max(min, range[0]), max: Math.min(max, range[1]) }
    return both.min <= both.max ? both : null
  }
}

const profiles: Map<string, Profile> = new Map()

export function isRelease(name: string): name is Release {
  return Object.hasOwn(RELEASES, name)
}

/**
 * The profile of one broker under the setting `onceover.release`: one release for all brokers, or a
 * list with one for each (the last one stands for those that follow). Null: everything that is
 * served at all.
 */
export function profileOf(setting: string, brokerIndex: number): Profile | null {
  if (setting === '') return null
  const names = setting.split(',')
  const name = names[Math.min(brokerIndex, names.length - 1)] ?? ''
  const known = profiles.get(name)
  if (known !== undefined) return known
  const made = new Profile(name as Release)
  profiles.set(name, made)
  return made
}
