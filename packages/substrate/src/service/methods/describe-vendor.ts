import { z } from 'zod';
import type { JsonObject } from '../../json/json-value.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { actions } from '../../settings/safety-limits.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { CustomerId } from './identifiers.ts';
import { JsonMembers } from './json-view.ts';

export const VendorDescription = z.strictObject({
  vendor: z.string(),
  title: z.string(),
  docs: z.url(),
  entityTypes: z.array(z.string()).describe('In the order in which a run syncs them'),
  writeBack: z
    .array(
      z.strictObject({
        entityType: z.string(),
        members: z
          .array(z.string())
          .describe('What the vendor takes; our changes of other members stay ours'),
        actions: z.array(z.enum(actions)),
        assignsIds: z.boolean().describe('Created records get an id of the choice of the vendor'),
      }),
    )
    .describe('Entity types that can be written back to the vendor: for `writeBack` of settings.put'),
  connection: JsonMembers.describe('JSON Schema of the settings that are no secret'),
  credential: JsonMembers.describe('JSON Schema of the credential'),
});
export type VendorDescription = z.output<typeof VendorDescription>;

/** `vendor.describe`: what a form needs that connects an integration. */
export function defineDescribe(vendor: Vendor) {
  return defineMethod({
    name: 'vendor.describe',
    version: 1,
    summary: 'What this vendor offers and what connecting it takes',
    params: z.strictObject({ customerId: CustomerId.optional() }),
    result: VendorDescription,
    roles: ['admin', 'orchestrator', 'viewer'],
    async run(_call: Call<unknown>) {
      return {
        vendor: vendor.id,
        title: vendor.title,
        docs: vendor.docs,
        entityTypes: vendor.entities.map((entity) => entity.entityType),
        writeBack: vendor.entities.flatMap(describeWrite),
        connection: toJsonSchema(vendor.api.connection),
        credential: toJsonSchema(vendor.api.credential),
      };
    },
  });
}

function describeWrite({ entityType, write }: Entity) {
  if (write === undefined) return [];
  const taken = { create: write.create, update: write.update, delete: write.remove };
  const uploaded = write.batch === undefined ? [] : (write.batch.actions ?? actions);
  return [
    {
      entityType,
      members: [...write.members],
      actions: actions.filter((action) => taken[action] !== undefined || uploaded.includes(action)),
      assignsIds: write.assignment !== undefined,
    },
  ];
}

/** What is entered, not what it becomes: defaults are optional. */
export function toJsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
}
