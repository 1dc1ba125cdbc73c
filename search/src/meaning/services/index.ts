export { addLanguages, parseServices, type Service } from './bank.ts';
export { defaultServices } from './default.ts';
export { deserializeServices, serializeServices, type LearnedServices } from './file.ts';
export {
  affinity,
  centreOf,
  servicesOf,
  sharedService,
  withoutWording,
  type Services,
  type ServicesModel,
} from './model.ts';
