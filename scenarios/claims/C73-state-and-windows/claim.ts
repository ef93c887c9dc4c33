export default {
  id: 'C73',
  claim:
    'A plain consumer can’t keep state: a store with a changelog and windows of event time take Kafka Streams.',
  verdict: 'refuted',
  because:
    'a topic is a changelog for whoever reads it before the first record; Streams does by itself what has to be written here',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'counts in windows of event time: 5 in the first, 6 in the second',
      file: 'windows.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'highest output': 6,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'dies amid its work: the next one restores its windows',
      file: 'windows.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
          restartMs: 1000,
        },
      ],
      figures: {
        'highest output': 6,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'stands still for a minute, and another one takes its windows over',
      file: 'windows.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
          durationMs: 60000,
        },
        {
          kind: 'join',
          target: 'consumer-1',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
        },
      ],
      figures: {
        'highest output': 6,
      },
    },
  ],
} as const
