import { describe, expect, it } from 'vitest'
import { atLeastOnce, exactlyOnce } from '../../properties/index.ts'
import type { Scenario } from '../core/scenario.ts'
import { defineScenario } from './define.ts'
import { faultKindsOf } from './fault-kinds.ts'
import { topicsToRead } from './what-counts.ts'
import { drawWorkload } from './workload.ts'

const orders = { topics: { orders: { partitions: 1 } } }
const scenario: Scenario = {
  name: 'mirror',
  clusters: {
    a: { ...orders, records: { orders: 2 }, groups: { billing: { 'orders/0': 1n } } },
    b: { ...orders, brokers: 3, broker: { 'default.replication.factor': 3 } },
  },
  app: async () => {},
  guarantee: atLeastOnce(),
}

it('topics, records, groups and brokers stand in a workload with their clusters', () => {
  expect(drawWorkload(defineScenario(scenario), 'seed')).toEqual({
    consumers: 2,
    brokers: 3,
    clusters: { a: { brokers: 1 }, b: { brokers: 3 } },
    topics: {
      'a:orders': { partitions: 1, startOffset: '0' },
      'b:orders': { partitions: 1, startOffset: '0' },
    },
    committed: { 'a:billing': { 'a:orders/0': '1' } },
    records: [0, 1].map((index) => ({
      topic: 'a:orders',
      partition: 0,
      key: `key-${index}`,
      value: `{"id":"a:orders-${index}"}`,
      atMs: 0,
    })),
  })
})

it('a scenario that was defined is one that may be defined again', () => {
  const once = defineScenario(scenario)
  expect(defineScenario(once)).toEqual(once)
  expect(topicsToRead(once)).toEqual(['a:orders'])
})

it('replicas of one cluster are enough for faults of replication', () => {
  const kinds = (each: Scenario) => faultKindsOf(each, { reportsEffects: true, usesStore: false })
  expect(kinds(scenario)).toContain('replica-lag')
  expect(kinds({ ...scenario, clusters: { a: { ...orders }, b: { ...orders } } })).not.toContain(
    'replica-lag',
  )
})

describe('what is wrong with clusters is said in a sentence', () => {
  const two = scenario.clusters ?? {}
  it.each<[string, object, string]>([
    [
      'topics beside them',
      { topics: { orders: { partitions: 1 } } },
      "the scenario 'mirror' has 'clusters' and 'topics'; move 'topics' into one of the clusters",
    ],
    [
      'brokers beside them',
      { brokers: 3 },
      "the scenario 'mirror' has 'clusters' and 'brokers'; move 'brokers' into one of the clusters",
    ],
    [
      'one only',
      { clusters: { a: two['a'] } },
      "the scenario 'mirror' has one cluster only, 'a'; write clusters: { a: { topics: … }, b: { topics: … } }, or topics and records without 'clusters' where one is enough",
    ],
    [
      'a name that is no part of a host',
      { clusters: { A: two['a'], b: two['b'] } },
      "the scenario 'mirror' has a cluster 'A', which can't be part of its brokers' names; use up to 20 small letters and digits, a letter first",
    ],
    [
      'no topics in one',
      { clusters: { a: two['a'], b: {} } },
      "the scenario 'mirror' has no 'clusters.b.topics'; write topics: { orders: { partitions: 3 } }",
    ],
    [
      'a misspelt field in one',
      { clusters: { a: two['a'], b: { ...orders, record: {} } } },
      "the scenario 'mirror' has an unknown field 'clusters.b.record'; did you mean 'records'?",
    ],
    [
      'records for a topic that is in the other',
      { clusters: { a: { topics: { bills: { partitions: 1 } }, records: { orders: 1 } }, b: orders } },
      "the scenario 'mirror' has records for the topic 'a:orders', which is not in 'topics' (a:bills, b:orders); add it there",
    ],
    [
      'no records at all',
      { clusters: { a: orders, b: orders } },
      "the scenario 'mirror' has no records in any cluster, so that nothing can go wrong; write clusters: { a: { topics: …, records: { orders: 30 } } }",
    ],
    [
      'a topic of the guarantee without its cluster',
      { guarantee: atLeastOnce({ deadLetter: 'dead' }) },
      "the scenario 'mirror' names the topic 'dead' in its guarantee, and has several clusters; write 'a:dead' or 'b:dead'",
    ],
    [
      'a topic of the guarantee in an unknown cluster',
      { guarantee: exactlyOnce({ outputs: ['eu:orders'] }) },
      "the scenario 'mirror' names the topic 'eu:orders' in its guarantee, and has no cluster 'eu'; its clusters are a, b",
    ],
    [
      'ACLs of one of them',
      {
        clusters: { a: two['a'], b: { ...orders, broker: { 'onceover.acls': 'allow User:x Read Topic y' } } },
      },
      "the scenario 'mirror' has ACLs in the cluster 'b' alone; write broker: { 'onceover.acls': … } beside 'clusters', for all of them",
    ],
    [
      'a group that begins nowhere',
      { clusters: { a: { ...two['a'], groups: { billing: { 'order/0': 1n } } }, b: orders } },
      "the scenario 'mirror' lets the group 'a:billing' begin at 'a:order/0', which is no partition of its topics; did you mean 'a:orders/0'?",
    ],
  ])('%s', (_name, wrong, sentence) => {
    expect(() => defineScenario({ ...scenario, ...wrong })).toThrow(sentence)
  })
})
