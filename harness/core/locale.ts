/** The locale of every simulated process, on every machine. */
export const LOCALE = 'en-US'

/** The time zone of a simulated process whose scenario does not set TZ. */
export const TIME_ZONE_DEFAULT = 'UTC'
