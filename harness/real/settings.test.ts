import { describe, expect, it } from 'vitest'
import { demandRealOptions } from './settings.ts'

describe('options of a replay on a real Kafka', () => {
  it.each([
    [
      { provider: 'moon' },
      "there is no provider 'moon'; choose docker, local, testcontainers or brokers=host:port",
    ],
    [{ times: 0 }, 'times takes a whole number from 1 on, not 0'],
    [{ times: -1 }, 'times takes a whole number from 1 on, not -1'],
    [{ times: 1.5 }, 'times takes a whole number from 1 on, not 1.5'],
  ])('%j: one sentence', (options, sentence) => {
    expect(() => demandRealOptions(options)).toThrow(sentence)
  })

  it('take providers by name, addresses of brokers, and nothing at all', () => {
    for (const options of [{ provider: 'local', times: 1 }, { provider: 'brokers=a:1' }, {}])
      expect(() => demandRealOptions(options)).not.toThrow()
  })
})
