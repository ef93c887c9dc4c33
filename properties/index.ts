export { causeOf, tell } from './explain.ts'
export { measureSeries } from './measure-series.ts'
export { atLeastOnce, atMostOnce, exactlyOnce } from './models.ts'
export { judge } from './verdict.ts'
