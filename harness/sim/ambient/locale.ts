import process from 'node:process'
import { LOCALE, TIME_ZONE_DEFAULT } from '../../core/locale.ts'
import { currentProcess } from './current.ts'
import { within } from './patch.ts'
import { real } from './real.ts'

/** The global object of a context, which has its own of all these. */
export type Realm = Pick<typeof globalThis, 'Intl' | 'Number' | 'BigInt' | 'Date' | 'String' | 'Math'>

/** `Intl` without a locale, a time zone or a date, and all that asks it. */
export function patchLocale(realm: Realm = globalThis): void {
  for (const name of [
    'DateTimeFormat',
    'NumberFormat',
    'Collator',
    'PluralRules',
    'RelativeTimeFormat',
    'ListFormat',
  ])
    fixConstructor(realm.Intl, name)
  for (const name of ['format', 'formatToParts']) fixFormat(realm.Intl, name)
  for (const target of [realm.Number.prototype, realm.BigInt.prototype])
    within(target, 'toLocaleString', (_process, [locale = LOCALE, options], real, self) =>
      real.call(self, locale, options),
    )
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'])
    within(realm.Date.prototype, name, (_process, [locale = LOCALE, options], real, self) =>
      real.call(self, locale, withZone(options)),
    )
  // Its name of the zone is in the language of the machine.
  for (const name of ['toString', 'toTimeString'])
    within(realm.Date.prototype, name, (_process, _args, real, self) =>
      String(real.call(self)).replace(/GMT\+0000 \(.*\)$/, 'GMT+0000 (Coordinated Universal Time)'),
    )
  within(realm.String.prototype, 'localeCompare', (_process, [other, locale = LOCALE, options], real, self) =>
    real.call(self, other, locale, options),
  )
}

/** Of the real process; null: it has not been changed. */
let before: { readonly zone: string | undefined } | null = null
let resetting: NodeJS.Immediate | null = null

/** `Date` follows the variable TZ of the real process: it is set for a simulation. */
export function setTimeZone(zone: string): void {
  if (resetting !== null) clearImmediate(resetting)
  resetting = null
  if (process.env['TZ'] === zone) return
  before ??= { zone: process.env['TZ'] }
  process.env['TZ'] = zone
}

/**
 * Sets the time zone back after a simulation, unless the next one begins at once: setting it costs
 * as much as many events.
 */
export function resetTimeZone(): void {
  if (before === null || resetting !== null) return
  resetting = real.setImmediate(() => {
    resetting = null
    const zone = before?.zone
    before = null
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })
}

function withZone(options: unknown): object {
  return { timeZone: process.env['TZ'] ?? TIME_ZONE_DEFAULT, ...(options as object | undefined) }
}

function fixConstructor(intl: Realm['Intl'], name: string): void {
  const Real = Reflect.get(intl, name) as (new (...args: unknown[]) => object) & (() => object)
  const given = ([locale = LOCALE, options]: readonly unknown[]): unknown[] => [
    locale,
    name === 'DateTimeFormat' ? withZone(options) : options,
  ]
  const Patched: unknown = new Proxy(Real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, currentProcess() === undefined ? args : given(args), newTarget) as object,
    apply: (target, self, args) =>
      Reflect.apply(target, self, currentProcess() === undefined ? args : given(args)) as object,
  })
  Reflect.set(intl, name, Patched)
}

/** Without a date it is now. */
function fixFormat(intl: Realm['Intl'], name: string): void {
  const { prototype } = intl.DateTimeFormat
  const property = Object.getOwnPropertyDescriptor(prototype, name)
  if (property?.get === undefined) {
    within(prototype, name, (_process, [date = Date.now()], real, self) => real.call(self, date))
    return
  }
  const { get } = property
  Object.defineProperty(prototype, name, {
    ...property,
    get(this: Intl.DateTimeFormat) {
      const format = get.call(this) as (date?: unknown) => string
      return currentProcess() === undefined ? format : (date: unknown = Date.now()) => format(date)
    },
  })
}
