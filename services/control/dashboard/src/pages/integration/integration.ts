import type { ResultOf } from '../../rpc/call.ts';

export type Integration = ResultOf<'integrations.get.v1'>;
export type Vendor = ResultOf<'vendors.get.v1'>;

/** Why an integration gets no run at night, in words. */
export const omissions: Readonly<Record<NonNullable<Integration['leftOut']>, string>> = {
  paused: 'it is paused',
  vendor_not_deployed: 'the fleet runs no service of its vendor',
  blackout: 'blackout dates leave out every night to come',
  no_occurrence: 'the schedule does not come again',
  schedule_invalid: 'the schedule is not sound any more; change it',
};
