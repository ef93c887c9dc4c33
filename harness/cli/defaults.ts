/** What a search does where nobody says otherwise; the command line and vitest share it. */

/** A few seconds on one core: the sweep of a small scenario and as many schedules again. */
export const RUNS_DEFAULT = 2_000
export const STRATEGY_DEFAULT = 'portfolio'
export const OUT_DEFAULT = '.onceover'
