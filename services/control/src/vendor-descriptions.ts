import type { Clock } from '@flotilla/substrate/clock/clock';
import { VendorDescription } from '@flotilla/substrate/methods';
import {
  type EntityType,
  entityTypeFacts,
  type Family,
  families,
  isEntityType,
} from '@flotilla/substrate/model';
import type { ServiceParts } from '@flotilla/substrate/service';
import { z } from 'zod';

/** What the vendors' services say of themselves. It changes with a release only. */
export interface VendorDescriptions {
  /**
   * As the vendor's service says it, or said it within the last minute; where it does not answer, as it said it last. Fails where it never did, as
   * `Peers.call`.
   */
  read(vendor: string, signal: AbortSignal): Promise<VendorDescription>;
}

export interface VendorDescriptionsOptions {
  readonly peers: ServiceParts['peers'];
  readonly clock: Clock;
}

const freshMs = 60_000;
/** Somebody looks at a page meanwhile. */
const patienceMs = 2_500;
/** A service of a later release may say more. */
const Said = z.object(VendorDescription.shape);

export function createVendorDescriptions({ peers, clock }: VendorDescriptionsOptions): VendorDescriptions {
  const known = new Map<string, { readonly description: VendorDescription; readonly at: number }>();

  return {
    async read(vendor, signal) {
      const last = known.get(vendor);
      if (last !== undefined && clock.now() - last.at < freshMs) return last.description;
      try {
        const options = { result: Said, signal, timeoutMs: patienceMs };
        const description = await peers.call(vendor, 'vendor.describe.v1', {}, options);
        known.set(vendor, { description, at: clock.now() });
        return description;
      } catch (thrown) {
        if (last === undefined || signal.aborted) throw thrown;
        return last.description;
      }
    },
  };
}

/** Pure. What the vendor has of a family, in the order in which a run syncs it. A service of a later release may have what we know nothing of. */
export function entityTypesIn(
  { entityTypes }: Pick<VendorDescription, 'entityTypes'>,
  family: Family,
): readonly EntityType[] {
  return entityTypes.filter(isEntityType).filter((name) => entityTypeFacts(name).family === family);
}

/** Pure. The families of which the vendor has anything. */
export function familiesOf(description: Pick<VendorDescription, 'entityTypes'>): readonly Family[] {
  return families.filter((family) => entityTypesIn(description, family).length > 0);
}
