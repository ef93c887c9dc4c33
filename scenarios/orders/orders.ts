import type { AppContext, EffectTarget } from 'onceover'

/** Stands for `INSERT INTO orders …`: the promise settles when the database has answered. */
export async function saveOrder(context: AppContext, order: EffectTarget): Promise<void> {
  await context.effects.record(order, 'saved')
}
