import { setTimeout as sleep } from 'node:timers/promises'
import { findErrorBy } from '@platformatic/kafka'
import type { TextMessage } from './messages.ts'

const TRIES = 10
const RETRY_MS = 500

/**
 * Commits; in a group of KIP-848 once more where the member's epoch has grown meanwhile, which its
 * next heartbeat tells it, for the client does not (see `../museum/platformatic-stale-epoch`).
 */
export async function commit(message: TextMessage): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await message.commit()
      return
    } catch (error) {
      const stale = findErrorBy(error as Error, 'apiId', 'STALE_MEMBER_EPOCH') !== null
      if (!stale || attempt === TRIES) throw error
    }
    await sleep(RETRY_MS)
  }
}
