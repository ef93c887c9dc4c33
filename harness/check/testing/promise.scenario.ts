import whole from './commits-after.scenario.ts'

export default Promise.resolve(whole)
