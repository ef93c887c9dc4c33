import type { Step } from '../../differential/script.ts'
import { ask, type Behaviour, on, sleep } from '../steps.ts'

const SHA_256 = 1
const SHA_512 = 2
/** Brokers hear of a credential a moment after it was altered. */
const HEARD_MS = 2_000

const upsertion = (overrides: object = {}): object => ({
  name: '$client',
  mechanism: SHA_256,
  iterations: 8_192,
  salt: Buffer.from('salt'),
  saltedPassword: Buffer.alloc(32, 7),
  ...overrides,
})
const deletion = (overrides: object = {}): object => ({ name: '$client', mechanism: SHA_256, ...overrides })
const alter = (upsertions: readonly object[], deletions: readonly object[] = []): Step =>
  ask('AlterUserScramCredentials', 0, { upsertions, deletions })
const describe = (...users: readonly string[]): Step =>
  ask(
    'DescribeUserScramCredentials',
    0,
    { users: users.map((name) => ({ name })) },
    { show: ['mechanism', 'iterations'] },
  )

/** KIP-554. */
export const SCRAM: readonly Behaviour[] = [
  on('S', 'a SCRAM credential', alter([upsertion()]), sleep(HEARD_MS), describe('$client')),
  on(
    'S',
    'a SCRAM credential that is replaced',
    alter([upsertion()]),
    alter([upsertion({ iterations: 4_096 })]),
    sleep(HEARD_MS),
    describe('$client'),
  ),
  on(
    'S',
    'SCRAM credentials for two mechanisms',
    alter([upsertion()]),
    alter([upsertion({ mechanism: SHA_512, saltedPassword: Buffer.alloc(64, 7) })]),
    sleep(HEARD_MS),
    describe('$client'),
  ),
  on(
    'S',
    'a SCRAM credential that is deleted',
    alter([upsertion()]),
    sleep(HEARD_MS),
    alter([], [deletion()]),
    sleep(HEARD_MS),
    describe('$client'),
  ),
  on('S', 'DescribeUserScramCredentials of nobody', describe('$other')),
  on('S', 'DescribeUserScramCredentials of one twice', describe('$other', '$other')),
  on('S', 'AlterUserScramCredentials of one twice', alter([upsertion(), upsertion({ mechanism: SHA_512 })])),
  on('S', 'AlterUserScramCredentials both ways', alter([upsertion()], [deletion()])),
  on('S', 'AlterUserScramCredentials with few iterations', alter([upsertion({ iterations: 100 })])),
  on('S', 'AlterUserScramCredentials with many iterations', alter([upsertion({ iterations: 100_000 })])),
  on('S', 'AlterUserScramCredentials for another mechanism', alter([upsertion({ mechanism: 7 })])),
  on('S', 'AlterUserScramCredentials without a name', alter([upsertion({ name: '' })])),
  on('S', 'AlterUserScramCredentials deletes nothing', alter([], [deletion()])),
]
