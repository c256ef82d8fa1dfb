import { z } from 'zod';
import type { RunWorker } from '../../pipeline/parts.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';

/** How long one call wraps anew: well below what callers wait for an answer. Each key costs two calls of the key service. */
const budgetMs = 30_000;

/** More are counted, not named. */
const mostNamed = 100;

const Fault = z.strictObject({
  customerId: z.string(),
  integrationId: z.string(),
  version: z.int(),
  reason: z.string(),
});

/** `keys.rewrap`: the data keys of this vendor's integrations, wrapped by the vendor's newest key. Another vendor's are not this service's to open. */
export function defineKeyRewrap(vendor: Vendor) {
  return defineMethod({
    name: 'keys.rewrap',
    version: 1,
    summary: "Wraps this vendor's data keys anew under the present primary version of the vendor's key",
    description:
      'What they sealed stays as it is. Call again until nothing is left; any call may be repeated.',
    params: z.strictObject({}),
    result: z.strictObject({
      rewrapped: z.int(),
      current: z.int().describe('Stood under the primary version already'),
      left: z.int().describe('Due, and not tried for want of time: call again'),
      failed: z.int().describe('Cannot be opened, and stay as they are'),
      faults: z.array(Fault).describe(`The first ${mostNamed} of those`),
    }),
    roles: ['admin'],
    errors: ['unavailable'],
    async run({ context: { vault, clock }, log, signal }: Call<RunWorker>) {
      const deadline = clock.now() + budgetMs;
      const isOver = () => clock.now() >= deadline;
      const { failed, ...counts } = await vault.rewrap(vendor.id, { isOver, signal });
      log.info('Data keys were wrapped anew', { ...counts, failed: failed.length });
      return { ...counts, failed: failed.length, faults: failed.slice(0, mostNamed) };
    },
  });
}
