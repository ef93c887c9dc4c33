import { Inject, Injectable } from '@nestjs/common'
import type { Effects } from 'onceover'

export const EFFECTS = Symbol('EFFECTS')

export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/** Stands for the table of orders: an insert can fail, as any database's can. */
@Injectable()
export class Ledger {
  constructor(@Inject(EFFECTS) private readonly effects: Effects) {}

  async insert(order: Position): Promise<void> {
    await this.effects.record(order, 'saved')
  }
}
