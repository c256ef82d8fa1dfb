/** The public face of `service/methods/`: what methods outside the substrate are made of. */
export { CustomerId, EntityTypeName, IntegrationId, Limit, RunId } from './identifiers.ts';
export { JsonMembers } from './json-view.ts';
export { RunView, viewRun } from './run-view.ts';
export { getRun, listRuns, reportRun } from './runs.ts';
