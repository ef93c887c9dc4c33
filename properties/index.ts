export { tell } from './explain.ts'
export {
  atLeastOnce,
  atMostOnce,
  describeModel,
  exactlyOnce,
  MODELS,
  type Model,
  type ModelRow,
  type Standing,
  standing,
  type TableStanding,
} from './models.ts'
export { FINDINGS_MAX, judge, PROPERTIES, type RunJudge } from './verdict.ts'
