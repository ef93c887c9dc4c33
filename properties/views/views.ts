import type { HistoryEvent, ObservationKind } from '../../harness/core/history.ts'
import type { Setting } from '../../harness/core/property.ts'
import { Assertions } from './assertions.ts'
import { CommittedOffsets } from './committed.ts'
import { Completions } from './completions.ts'
import { DeadConsumers } from './dead-consumers.ts'
import { Ending } from './ending.ts'
import { Faults } from './faults.ts'
import { Groups } from './groups.ts'
import { HandedOver } from './handed-over.ts'
import { LastCommits } from './last-commits.ts'
import { Log } from './log.ts'
import { type Measures, measuresOf } from './measures.ts'
import { Messages } from './messages.ts'
import { register, type View } from './observing.ts'
import { OpenHandlers } from './open-handlers.ts'
import { Outputs } from './outputs.ts'
import { Passages } from './passages.ts'

/**
 * Everything that checkers may ask about one history, folded once for all of them. Each event goes
 * through the views before any checker sees it; the order below matters where one view asks
 * another.
 */
export class Views {
  readonly setting: Setting
  readonly log: Log = new Log()
  readonly groups: Groups = new Groups()
  readonly handlers: OpenHandlers = new OpenHandlers()
  readonly messages: Messages
  readonly handedOver: HandedOver
  readonly outputs: Outputs
  readonly completions: Completions
  readonly committed: CommittedOffsets = new CommittedOffsets()
  readonly passages: Passages = new Passages()
  readonly lastCommits: LastCommits = new LastCommits()
  readonly ending: Ending = new Ending()
  readonly dead: DeadConsumers = new DeadConsumers()
  readonly faults: Faults = new Faults()
  readonly assertions: Assertions = new Assertions()
  /** Null: the scenario asks for none. */
  readonly measures: Measures | null
  readonly #noting: Map<ObservationKind, ((event: HistoryEvent) => void)[]> = new Map()

  constructor(setting: Setting) {
    this.setting = setting
    const { log, groups, handlers } = this
    this.messages = new Messages(setting, log)
    this.handedOver = new HandedOver(setting, log, handlers)
    this.outputs = new Outputs(setting, log, handlers)
    const { committed, messages, handedOver, outputs } = this
    const asked = { setting, log, groups, handlers, committed, messages, handedOver, outputs }
    this.completions = new Completions(asked)
    const { completions, passages, lastCommits, ending, dead, faults, assertions } = this
    const first = [log, groups, handlers, messages, handedOver, outputs, completions, committed, passages]
    const others: View[] = [lastCommits, ending, dead, faults, assertions]
    // After all that it asks.
    this.measures = measuresOf(setting, { log, groups, handlers, completions })
    if (this.measures !== null) others.push(this.measures)
    for (const { noting } of [...first, ...others]) register(this.#noting, noting, (note) => note)
  }

  observe(event: HistoryEvent): void {
    const noting = this.#noting.get(event.kind)
    if (noting !== undefined) for (const note of noting) note(event)
  }
}
