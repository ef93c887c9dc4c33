import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { Shard } from '../search/shard.ts'
import { STRATEGY_NAMES } from '../search/strategies/portfolio.ts'

export function usage(message: string): UsageError {
  return new UsageError('unknown-option', message)
}

/** @throws UsageError where the text is no whole number from 1 on */
export function wholeNumber(option: string, text: string): number {
  const number = Number(text.replaceAll('_', ''))
  if (!Number.isSafeInteger(number) || number < 1 || text.trim() === '')
    throw usage(`${option} takes a whole number from 1 on, not '${text}'`)
  return number
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `5m`, `500ms`, `1h`. @throws UsageError where it is none, or nothing */
export function durationMs(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const ms = Number(match?.[1] ?? 0) * (UNITS_MS[match?.[2] ?? ''] ?? 0)
  if (ms <= 0) throw usage(`${option} takes a duration such as 500ms, 60s, 5m or 1h, not '${text}'`)
  return ms
}

/** `2/5`: the second of five parts. @throws UsageError where it is none */
export function shardOf(option: string, text: string): Shard {
  const [, index = '', of = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  if (shard.index < 1 || shard.index > shard.of)
    throw usage(`${option} takes a part such as 2/5, the second of five, not '${text}'`)
  return shard
}

/** @throws UsageError */
export function requireOf(text: string): 'sweep' {
  if (text === 'sweep') return text
  throw usage(`--require takes 'sweep', not '${text}'`)
}

/** @throws UsageError */
export function strategyOf(name: string): string {
  const names: readonly string[] = STRATEGY_NAMES
  if (names.includes(name)) return name
  throw usage(
    `there is no strategy '${name}'; ${didYouMean(name, names) ?? `choose one of ${names.join(', ')}`}`,
  )
}
