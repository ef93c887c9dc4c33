/** `INSERT`: the first word of a statement, behind its comments, in capitals. */
export function operationOf(sql: string): string {
  const bare = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '')
  const [word = ''] = /^[a-z]+/i.exec(bare) ?? []
  return word === '' ? 'EMPTY' : word.toUpperCase()
}

/** Command tags behind which what is committed is as it was. */
const UNCHANGING = /^(?:SELECT|SHOW|SET|RESET|BEGIN|START|ROLLBACK|FETCH|DECLARE|CLOSE|EXPLAIN|LISTEN)\b/

export function canChange(tag: string): boolean {
  return !UNCHANGING.test(tag)
}

/** Statements that PGlite, with its one session, can't give, and what to write instead. */
const NOT_GIVEN: readonly { readonly pattern: RegExp; readonly what: string; readonly instead: string }[] = [
  {
    pattern: /\bpg_(?:try_)?advisory_(?:lock|unlock)/i,
    what: 'takes an advisory lock for its session',
    instead: 'use pg_advisory_xact_lock, whose lock ends with the transaction',
  },
  {
    pattern: /(?:^|;)\s*(?:prepare|deallocate|discard)\b/i,
    what: 'runs PREPARE, DEALLOCATE or DISCARD',
    instead: "let the driver prepare statements, by its own 'name' of a query",
  },
  {
    pattern: /(?:^|;)\s*create\s+(?:global\s+|local\s+)?temp(?:orary)?\b/i,
    what: 'makes a temporary table',
    instead: 'make an ordinary table, or use a common table expression',
  },
  {
    pattern: /(?:^|;)\s*set\s+(?:session\s+|local\s+)?(?:role|session\s+authorization)\b/i,
    what: 'changes its role',
    instead: 'run the scenario as one role',
  },
  {
    pattern: /(?:;\s*copy\b[\s\S]*\bfrom\s+stdin\b)|(?:^\s*copy\b[^;]*\bfrom\s+stdin\b[^;]*;\s*\S)/i,
    what: 'runs COPY FROM STDIN as one of several statements',
    instead: 'send it by itself',
  },
  {
    pattern: /\bcursor\s+with\s+hold\b/i,
    what: 'declares a cursor WITH HOLD',
    instead: 'declare it within the transaction',
  },
]

/** The part of this statement that PGlite can't give, or null. */
export function notGiven(sql: string): { readonly what: string; readonly instead: string } | null {
  return NOT_GIVEN.find(({ pattern }) => pattern.test(sql)) ?? null
}

const SHARED: readonly { readonly pattern: RegExp; readonly what: string; readonly instead?: string }[] = [
  { pattern: /(?:^|;)\s*(?:create|alter|drop)\s+(?:role|user|group)\b/i, what: 'changes a role' },
  { pattern: /(?:^|;)\s*(?:create|alter|drop)\s+database\b/i, what: 'changes a database' },
  { pattern: /(?:^|;)\s*alter\s+system\b/i, what: "changes the server's settings" },
  {
    pattern: /\bpg_(?:terminate|cancel)_backend\s*\(/i,
    what: "ends another session's work",
    instead: 'let a fault do so: service-disconnect, or service-error 57P01',
  },
]

/** The part of this statement that concerns more than its own session and database, or null. */
export function sharedByAll(sql: string): { readonly what: string; readonly instead: string } | null {
  const found = SHARED.find(({ pattern }) => pattern.test(sql))
  return found === undefined
    ? null
    : {
        what: found.what,
        instead: found.instead ?? 'a run has one database, as one role: leave it to your deployment',
      }
}

/** A statement that is a `COPY … FROM STDIN`, and nothing else. */
export function copiesIn(sql: string): boolean {
  return /^\s*copy\b[^;]*\bfrom\s+stdin\b[^;]*;?\s*$/i.test(sql)
}
