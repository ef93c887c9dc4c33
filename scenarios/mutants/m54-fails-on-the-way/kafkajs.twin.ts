import { atLeastOnce, defineScenario } from 'onceover'
import { bookings, startBookings } from './bookings.ts'

/** A record that is neither booked nor put aside comes again. */
export default defineScenario({
  ...bookings,
  name: 'M54 twin: bookings fail where a record was not put aside',
  guarantee: atLeastOnce({ deadLetter: 'bookings.aside' }),
  app: (context) => startBookings(context, (send) => send()),
})
