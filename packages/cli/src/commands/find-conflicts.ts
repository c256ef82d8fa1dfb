import type { CustomerConflict } from '../conflicts/render-conflicts.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { listConflicts } from '../rpc/listings.ts';
import { findCustomerIds, requireCustomer } from './find-customers.ts';
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
  if (customer !== undefined) await requireCustomer(fleet, customer);
  const customerIds =
    isWholeId(run) && customer === undefined
      ? [(await findRun(fleet, run, {})).customerId]
      : await findCustomerIds(fleet, customer);
  for (const customerId of customerIds) {
    const scope = {
      customerId,
      ...(isWholeId(run) ? { runId: run.toLowerCase() } : {}),
      ...(integration === undefined ? {} : { integrationId: integration }),
      ...(state === undefined ? {} : { state }),
    };
    for await (const conflict of listConflicts(fleet.control, scope)) {
      const isMeant =
        (entityType === undefined || conflict.entityType === entityType) &&
        (record === undefined || conflict.recordId === record) &&
        conflict.foundBy.startsWith(run.toLowerCase());
      if (isMeant) yield { ...conflict, customerId };
    }
  }
}
