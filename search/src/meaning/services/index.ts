export { addWordings, parseServices, readBank, type Service } from './bank.ts';
export { defaultServices } from './default.ts';
export { deserializeServices, serializeServices, type LearnedServices } from './file.ts';
export {
  affinitiesWith,
  affinity,
  middlesOf,
  servicesOf,
  sharedService,
  withoutWording,
  type Kind,
  type Services,
  type ServicesModel,
} from './model.ts';
