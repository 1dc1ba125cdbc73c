export { defaultLearned } from './default.ts';
export { evaluate, foldsOf, type Evaluation, type JudgedExample } from './evaluate.ts';
export { deserialize, serialize, type Learned } from './file.ts';
export {
  likeness,
  modelOf,
  predict,
  probabilitiesOf,
  train,
  traitsOf,
  type Calibration,
  type Model,
  type TrainOptions,
} from './model.ts';
export { addExample, addStatistics, noStatistics, type Example, type Statistics } from './statistics.ts';
export { senseOf, wordingOf, type Wording } from './wording.ts';
