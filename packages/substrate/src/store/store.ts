/** The public face of `store/`: what services read and write by hand. */
export { listCustomers, putCustomer, readCustomer } from './customers.ts';
export {
  type Integration,
  listIntegrations,
  putCredential,
  putIntegration,
  readIntegration,
} from './integrations.ts';
export { listNights, putNight, readNight } from './nights.ts';
export { listNightRuns, readRun } from './runs.ts';
