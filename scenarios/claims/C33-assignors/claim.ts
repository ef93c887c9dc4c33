export default {
  id: 'C33',
  claim:
    'Assignors differ in who gets what: range, round robin and cooperative sticky, of which the last moves least.',
  verdict: 'holds',
  because:
    'of 6 partitions of two members, when a third joins, cooperative sticky moves 2, range 3 and round robin 4',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'range, and a third process joins',
      file: 'range.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-2', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { moves: 3, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'roundrobin',
      file: 'round-robin.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-2', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { moves: 4, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'cooperative-sticky',
      file: 'cooperative-sticky.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-2', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { moves: 2, lost: 0 },
    },
  ],
} as const
