export default {
  id: 'C29',
  claim: 'wakeup ends a poll that waits, so that shutdown takes a bounded time.',
  verdict: 'holds',
  because: 'without it shutdown waits until the poll has timed out',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'wakes its poll up; shutdown within 10 s',
      file: 'wakes.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'waits for its poll of a minute',
      file: 'waits.scenario.ts',
      by: 'counterexample',
      property: 'shutdown-hang',
      replay: 'waits.json',
    },
  ],
} as const
