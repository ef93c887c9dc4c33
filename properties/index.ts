export { causeOf, tell } from './explain.ts'
export { atLeastOnce, atMostOnce, exactlyOnce } from './models.ts'
export { judge } from './verdict.ts'
