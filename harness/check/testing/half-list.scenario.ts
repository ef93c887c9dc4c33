import whole from './commits-after.scenario.ts'

export default [whole, { name: 'half' }]
