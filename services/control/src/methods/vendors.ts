import { Failure, toFailure } from '@flotilla/substrate/failure';
import { VendorDescription } from '@flotilla/substrate/methods';
import { families } from '@flotilla/substrate/model';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { entityTypesIn, familiesOf } from '../vendor-descriptions.ts';

const VendorName = z.string().min(1).max(63).describe('Such as oneroster');

export const listVendors = defineMethod({
  name: 'vendors.list',
  version: 1,
  summary: 'The vendors that the fleet has a service of',
  params: z.strictObject({}),
  result: z.strictObject({
    vendors: z.array(
      z.strictObject({
        vendor: VendorName,
        title: z.string().describe("For people; the vendor's id where its service does not answer"),
        docs: z.url().nullable().describe("The vendor's own documentation"),
        failure: z.string().nullable().describe('Why its service says nothing'),
      }),
    ),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  async run({ context, signal }: Call<Control>) {
    const { vendors, descriptions } = context;
    return {
      vendors: await Promise.all(
        vendors.toSorted().map(async (vendor) => {
          try {
            const { title, docs } = await descriptions.read(vendor, signal);
            return { vendor, title, docs, failure: null };
          } catch (thrown) {
            return { vendor, title: vendor, docs: null, failure: toFailure(thrown).message };
          }
        }),
      ),
    };
  },
});

export const getVendor = defineMethod({
  name: 'vendors.get',
  version: 1,
  summary: 'What a vendor offers and what connecting it takes, as its service says',
  params: z.strictObject({ vendor: VendorName }),
  result: z.strictObject({
    ...VendorDescription.shape,
    families: z
      .array(z.strictObject({ family: z.enum(families), entityTypes: z.array(z.string()) }))
      .describe('What can be synced by itself, and what is in it: for runs.start'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found', 'unavailable'],
  async run({ context, signal }: Call<Control>, { vendor }) {
    if (!context.vendors.includes(vendor)) {
      throw new Failure('not_found', 'The fleet has no service of this vendor', {
        data: { vendor, vendors: context.vendors.toSorted().join(', ') },
      });
    }
    const description = await context.descriptions.read(vendor, signal);
    return {
      ...description,
      families: familiesOf(description).map((family) => ({
        family,
        entityTypes: [...entityTypesIn(description, family)],
      })),
    };
  },
});
