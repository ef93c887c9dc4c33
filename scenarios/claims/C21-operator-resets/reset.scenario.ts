import { orderedBack } from './operator.ts'

/** An operator sets the group's offset to 2 after 30 s. */
export default orderedBack('C21 an operator resets an offset', 30_000)
