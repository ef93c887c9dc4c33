/** What a replay on a real cluster does where nobody says otherwise. */
export const RELEASE_DEFAULT = '4.1.0'
export const TIMES_DEFAULT = 10
