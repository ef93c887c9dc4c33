import { oneOf } from './fields.ts'

/** How often a record's fault strikes. What strikes always is a poison record. */
export const times = oneOf(['once', 'always'], (_, { poison }) => (poison ? ['once', 'always'] : ['once']))
