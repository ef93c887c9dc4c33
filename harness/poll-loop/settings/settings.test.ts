import { describe, expect, it } from 'vitest'
import { consumerSettings, type GivenConsumerSettings } from './consumer-settings.ts'

function wrong(settings: object): string {
  try {
    consumerSettings({ 'bootstrap.servers': 'localhost:9092', 'group.id': 'g', ...settings })
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}

describe('settings by their Kafka names', () => {
  it('have the defaults of Kafka 4.1, and take numbers and words as texts, as Java does', () => {
    const settings: GivenConsumerSettings = {
      'bootstrap.servers': 'one:9092, [::1]:9093',
      'group.id': 'g',
      'max.poll.records': '7',
      'enable.auto.commit': 'false',
    }
    expect(consumerSettings(settings)).toMatchObject({
      'bootstrap.servers': [
        { host: 'one', port: 9092 },
        { host: '::1', port: 9093 },
      ],
      'max.poll.records': 7,
      'enable.auto.commit': false,
      'session.timeout.ms': 45_000,
      'max.poll.interval.ms': 300_000,
      'auto.offset.reset': { to: 'latest' },
      'partition.assignment.strategy': ['range', 'cooperative-sticky'],
    })
  })

  it('auto.offset.reset by a duration', () => {
    const given = { 'bootstrap.servers': 'b:1', 'auto.offset.reset': 'by_duration:P1DT2H3M4S' }
    const ms = (((24 + 2) * 60 + 3) * 60 + 4) * 1000
    expect(consumerSettings(given)['auto.offset.reset']).toEqual({ to: 'duration', ms })
  })

  it('assignors by their classes', () => {
    const name = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor'
    const given = { 'bootstrap.servers': 'b:1', 'partition.assignment.strategy': name }
    expect(consumerSettings(given)['partition.assignment.strategy']).toEqual(['cooperative-sticky'])
  })

  it('wrong ones get one sentence each, with what to write instead', () => {
    expect(wrong({ 'max.poll.record': 1 })).toContain("did you mean 'max.poll.records'?")
    expect(wrong({ 'max.poll.records': 0 })).toContain("'max.poll.records' must be a whole number from 1")
    expect(wrong({ 'enable.auto.commit': 'yes' })).toContain('true or false')
    expect(wrong({ 'auto.offset.reset': 'smallest' })).toContain('earliest, latest, none, or by_duration:')
    expect(wrong({ 'bootstrap.servers': 'localhost' })).toContain("'localhost:9092'")
    expect(wrong({ 'session.timeout.ms': 3_000 })).toContain("below 'session.timeout.ms' (3000)")
    expect(wrong({ 'group.id': null, 'enable.auto.commit': true })).toContain("needs a 'group.id'")
    expect(wrong({ 'group.protocol': 'consumer', 'session.timeout.ms': 10_000 })).toContain(
      'the broker decides',
    )
    for (const settings of [{ 'max.poll.record': 1 }, { 'isolation.level': 'all' }])
      expect(wrong(settings).split('. ')).toHaveLength(1)
  })
})
