import { describe, expect, it } from 'vitest'
import { differential, isKnown } from './command.ts'
import { generate } from './generate.ts'

describe('differential', () => {
  it('gives the scripts about the consumer protocol to Kafka 4 only', () => {
    const scripts = Array.from({ length: 40 }, (_, number) => generate('1', number))
    const late = scripts.filter(({ steps }) =>
      steps.some((step) => 'do' in step && (step.do === 'subscribe' || step.do === 'consumer-commit')),
    )
    expect(late.length).toBeGreaterThan(0)
    expect(late.filter(({ since }) => isKnown('3.9.1', since))).toEqual([])
    expect(scripts.filter(({ since }) => isKnown('4.0.0', since))).toEqual(scripts)
    expect(scripts.some(({ since }) => isKnown('3.9.1', since))).toBe(true)
  })

  it('says that nothing differs where nothing is played', async () => {
    expect(await differential(['--releases', ''], () => {})).toBe(0)
  })

  it('refuses an option that it does not have', async () => {
    await expect(differential(['--relases', '4.1.0'], () => {})).rejects.toThrow("'--relases'")
  })
})
