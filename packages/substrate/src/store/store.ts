/** The public face of `store/`: what services read and write by hand. */
export { type Customer, listCustomers, putCustomer, readCustomer, readCustomers } from './customers.ts';
export {
  type Integration,
  listIntegrations,
  putCredential,
  putIntegration,
  putSettings,
  readIntegration,
} from './integrations.ts';
export {
  deleteOmission,
  listNights,
  listOmissions,
  type Night,
  type NightScope,
  type Omission,
  type OmissionKey,
  type OmissionReason,
  omissionReasons,
  putNight,
  putOmission,
  readNight,
  readOmission,
} from './nights.ts';
export { listNightRuns, readRun } from './runs.ts';
