import { z } from 'zod';
import { composeSettings, MergeSettings } from '../merge/merge-settings.ts';
import { strictMembers } from '../merge/rules/setting-words.ts';
import { type EntityType, entityTypeNames, keyedLists, volatilePointers } from '../model/entity-types.ts';
import { SafetyLimits } from './safety-limits.ts';

/** What becomes of a record that points to one that is not there. */
const referenceChoices = ['quarantine', 'ignore'] as const;

const EntityTypeName = z.enum(entityTypeNames as [EntityType, ...EntityType[]]);

/** What a customer chooses for one integration. Every member has a default, so `{}` is a complete choice. */
export const IntegrationSettings = strictMembers({
  disabledEntityTypes: z.array(EntityTypeName).default([]).describe('Entity types that are not synced'),
  writeBack: z
    .array(EntityTypeName)
    .default([])
    .describe(
      'Entity types whose records are written back to the vendor, where it takes them; by default none',
    ),
  steps: strictMembers({
    pull: z.boolean().default(true).describe("False: the vendor's changes are not taken over (push only)"),
    push: z.boolean().default(true).describe('False: nothing is written to the vendor (pull only)'),
    persist: z.boolean().default(true).describe('False: nothing is stored, whatever was pushed'),
  })
    .prefault({})
    .describe('Steps that can be switched off'),
  merge: MergeSettings.prefault({}).describe('How changes of both sides meet, whatever the entity type'),
  entityTypes: z
    .partialRecord(
      EntityTypeName,
      strictMembers({
        merge: MergeSettings.optional().describe('How its records merge; field by field over `merge` above'),
        references: z.enum(referenceChoices).optional().describe('In place of `references` below'),
      }),
    )
    .default({})
    .describe('What is chosen otherwise for an entity type'),
  limits: SafetyLimits.prefault({}).describe(
    'How much a run may change before a person must look. What is left out has the default that docs/decisions/0012 lists',
  ),
  fullSyncEveryDays: z
    .number()
    .min(0)
    .max(90)
    .default(7)
    .describe(
      'Where the vendor tells what changed, only that is fetched; so often everything is fetched and compared all the same. 0: always',
    ),
  holdHours: z
    .number()
    .min(1)
    .max(24 * 90)
    .default(24 * 7)
    .describe('A held run that nobody has decided on by then expires'),
  references: z
    .enum(referenceChoices)
    .default('quarantine')
    .describe('What becomes of a record that points to one that is not there'),
});
export type IntegrationSettings = z.output<typeof IntegrationSettings>;
/** As chosen and stored: what was left out takes the default of the day it is read. */
export type ChosenSettings = z.input<typeof IntegrationSettings>;

/** Pure. How records of an entity type merge: the choice for it, over the choice for all, over the model's volatile members and keyed lists. */
export function mergeSettingsFor(
  { merge, entityTypes }: IntegrationSettings,
  entityType: EntityType,
): MergeSettings {
  const model = { volatile: volatilePointers, lists: keyedLists(entityType) };
  return composeSettings(model, merge, entityTypes[entityType]?.merge ?? {});
}

/** Pure. Whether records of an entity type that point to one that is not there are left out. */
export function areReferencesVerified(
  { references, entityTypes }: IntegrationSettings,
  entityType: EntityType,
): boolean {
  return (entityTypes[entityType]?.references ?? references) === 'quarantine';
}

/** Pure. Whether our changes of an entity type go to the vendor. */
export function isPushed({ writeBack, steps }: IntegrationSettings, entityType: EntityType): boolean {
  return steps.push && writeBack.includes(entityType);
}
