import { CustomerId, EntityTypeName, IntegrationId, Json, RecordId } from '@flotilla/substrate/methods';
import type { EntityType } from '@flotilla/substrate/model';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import { readIntegration } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { SettingsChoice, SettingsRemarks } from './settings.ts';
import { remarkOnSettings } from './settings-remarks.ts';
import { LimitsTrialView, tryLimitsOn } from './settings-try-limits.ts';
import { sampleLately, sampleNamed } from './try-samples.ts';
import { compareTrials, createTrial, type TriedRecord } from './try-settings.ts';
import type { SampledRecord } from './try-sides.ts';

/** Of a record more are counted, not shown. */
const mostFields = 50;

const Outcome = z.strictObject({
  outcome: z
    .enum(['conflict', 'decided', 'unseen'])
    .describe('Left to a person; decided by the rule; or no difference is seen in it'),
  rule: z.string().nullable().describe('What decides, as in a run’s plan: `resolveTheirs (field /email)`'),
  value: Json.optional().describe('What is decided on; left out: that the field is not there'),
  writes: z
    .array(z.enum(['ours', 'theirs']))
    .describe('The sides that are written. None while another field of the record waits for a person'),
});

const Held = z.strictObject({ stored: z.boolean(), tried: z.boolean() });

const RecordView = z.strictObject({
  recordId: z.string(),
  origin: z
    .strictObject({
      kind: z
        .enum(['conflict', 'edited', 'change', 'inStep'])
        .describe(
          '`conflict`: as when its conflicts were found. `edited`: ours with what the vendor was last known to have. `change`: as before a run changed ours. `inStep`: both the same',
        ),
      at: z.iso.datetime().nullable(),
      runId: z.string().nullable().describe('The run that found the conflict, or changed the record'),
    })
    .describe('Where the sides come from: the vendor is not asked'),
  isHeld: Held.describe('Whether the record would wait for a person'),
  differs: z.boolean(),
  fields: z
    .array(
      z.strictObject({
        pointer: z.string().describe('JSON Pointer of the field; empty: the record itself'),
        base: Json.optional(),
        ours: Json.optional(),
        theirs: Json.optional(),
        stored: Outcome.describe('Under the settings as they are stored'),
        tried: Outcome.describe('Under those that are tried'),
        differs: z.boolean(),
      }),
    )
    .describe('Those in which either settings see a difference; what comes out differently is first'),
  fieldsOmitted: z.int().min(0),
});

export const trySettings = defineMethod({
  name: 'settings.try',
  version: 1,
  summary:
    'What settings would make of real records, beside what the stored ones do, field by field with the deciding rule; nothing is written',
  description:
    'The vendor is not asked: what it has is known of records in conflict as far as they conflict, else as it was last known; of a record that is in step, its last change by a run is merged once more. Safety limits are tried on the last runs instead, as settings.tryLimits does.',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    entityType: EntityTypeName,
    settings: SettingsChoice.describe('Complete, as settings.put takes them'),
    recordIds: z.array(RecordId).min(1).max(100).optional().describe('On these records'),
    sample: z
      .int()
      .min(1)
      .max(200)
      .default(50)
      .describe(
        'Without `recordIds`: on so many. Those in conflict first, then those with edits of ours that the vendor does not have, then those that runs have lately changed',
      ),
  }),
  result: z.strictObject({
    sampled: z.int().min(0).describe('Records that were merged under both settings'),
    differing: z.int().min(0).describe('Those of them that come out differently'),
    held: z
      .strictObject({ stored: z.int().min(0), tried: z.int().min(0) })
      .describe('How many of them wait for a person'),
    records: z.array(RecordView).describe('What comes out differently is first'),
    missing: z.array(z.string()).describe('Of `recordIds`, those that there are not'),
    unclear: z
      .array(z.string())
      .describe('Records whose conflicts do not fit them any more; the next run finds out'),
    limits: LimitsTrialView.describe(
      'Of whole runs, whatever the entity type and the records: which the safety limits would have held',
    ),
    remarks: SettingsRemarks,
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { settings: chosen, recordIds, sample, ...scope }) {
    const integration = await readIntegration(store, scope.customerId, scope.integrationId);
    const entityType = scope.entityType as EntityType;
    const settings = IntegrationSettings.parse(chosen);
    const storedSettings = IntegrationSettings.parse(integration.settings);
    const stored = createTrial(storedSettings, entityType);
    const tried = createTrial(settings, entityType);
    const { records, missing, unclear } =
      recordIds === undefined
        ? await sampleLately(store, scope, sample, stored)
        : await sampleNamed(store, scope, recordIds, stored);
    const compared = records.map(
      (record) => [record, compareTrials(record, stored, tried, mostFields)] as const,
    );
    const differing = compared.filter(([, { differs }]) => differs);
    const same = compared.filter(([, { differs }]) => !differs);
    return {
      sampled: compared.length,
      differing: differing.length,
      held: {
        stored: compared.filter(([, { isHeld }]) => isHeld.stored).length,
        tried: compared.filter(([, { isHeld }]) => isHeld.tried).length,
      },
      records: [...differing, ...same].map(([record, result]) => viewTried(record, result)),
      missing: [...missing],
      unclear: [...unclear],
      limits: await tryLimitsOn(store, scope, { stored: storedSettings.limits, tried: settings.limits }),
      remarks: remarkOnSettings(settings, integration.vendor),
    };
  },
});

function viewTried(
  { recordId, origin }: SampledRecord,
  { isHeld, differs, fields, fieldsOmitted }: TriedRecord,
): z.input<typeof RecordView> {
  return {
    recordId,
    origin,
    isHeld,
    differs,
    fields: fields.map(({ stored, tried, ...field }) => ({
      ...field,
      stored: { ...stored, writes: [...stored.writes] },
      tried: { ...tried, writes: [...tried.writes] },
    })),
    fieldsOmitted,
  };
}
