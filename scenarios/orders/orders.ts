import type { Effects, EffectTarget } from 'onceover'

/** Stands for `INSERT INTO orders …`: the promise settles when the database has answered. */
export async function saveOrder(effects: Effects, order: EffectTarget): Promise<void> {
  await effects.record(order, 'saved')
}
