import type { CustomerConflict } from '../conflicts/render-conflicts.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { withCustomerName } from '../output/call-customer.ts';
import { listConflicts } from '../rpc/listings.ts';
import { explainMissing, findCustomers, isOfOthers } from './find-customers.ts';
import { findRun, isWholeId } from './find-run.ts';

/** Which conflicts are meant; what is left out is any. */
export interface ConflictFilter {
  readonly customer?: string;
  readonly integration?: string;
  readonly entityType?: string;
  readonly record?: string;
  /** The id of the run that found them first, or its beginning. */
  readonly run?: string;
  /** Left out: those that are open, and those that are decided and not merged yet. */
  readonly state?: string;
}

/** In the order in which the service lists them, customer by customer, as they are asked for. Fails with `not_found` for an unknown customer. */
export async function* findConflicts(
  fleet: Pick<Fleet, 'control'>,
  filter: ConflictFilter,
): AsyncGenerator<CustomerConflict> {
  const { customer, integration, entityType, record, run = '', state } = filter;
  const customers = await findOwners(fleet, customer, run);
  for (const [customerId, name] of customers) {
    const scope = {
      customerId,
      ...(isWholeId(run) ? { runId: run.toLowerCase() } : {}),
      ...(integration === undefined ? {} : { integrationId: integration }),
      ...(state === undefined ? {} : { state }),
    };
    try {
      for await (const conflict of listConflicts(fleet.control, scope)) {
        const isMeant =
          (entityType === undefined || conflict.entityType === entityType) &&
          (record === undefined || conflict.recordId === record) &&
          conflict.foundBy.startsWith(run.toLowerCase());
        if (isMeant) yield withCustomerName<CustomerConflict>({ ...conflict, customerId }, name);
      }
    } catch (thrown) {
      if (!isOfOthers(thrown, filter)) throw await explainMissing(fleet, customer, thrown);
    }
  }
}

/** A run is one customer's, and known by its whole id alone. */
async function findOwners(fleet: Pick<Fleet, 'control'>, customer: string | undefined, run: string) {
  if (!isWholeId(run) || customer !== undefined) return findCustomers(fleet, customer);
  const { customerId, customerName = null } = await findRun(fleet, run, {});
  return new Map([[customerId, customerName]]);
}
