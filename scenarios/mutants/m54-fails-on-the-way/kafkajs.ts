import { atLeastOnce, defineScenario } from 'onceover'
import { bookings, startBookings } from './bookings.ts'

/**
 * Without a fault nothing is ever put aside: the code that does it runs behind one fault, and is
 * wrong behind a second one only.
 */
export default defineScenario({
  ...bookings,
  name: 'M54 bookings log that a record was not put aside',
  guarantee: atLeastOnce({ deadLetter: 'bookings.aside' }),
  app: (context) =>
    startBookings(context, (send) => send().catch((error) => console.error('not put aside', String(error)))),
})
