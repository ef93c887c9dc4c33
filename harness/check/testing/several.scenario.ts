import commitsAfter from './commits-after.scenario.ts'

export const first = commitsAfter
export const second = { ...commitsAfter, name: 'the same again' }
