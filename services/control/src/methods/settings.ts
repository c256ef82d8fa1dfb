import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { CustomerId, IntegrationId, JsonMembers } from '@flotilla/substrate/methods';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { type ChosenSettings, IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import { readIntegration, putSettings as writeSettings } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { noteAction } from './note-action.ts';
import { IfVersion, requireSeenVersion, Version } from './seen-version.ts';
import { listSettingsFaults } from './settings-faults.ts';
import { remarkOnSettings } from './settings-remarks.ts';

/**
 * As they are chosen: what is left out is not stored, and takes the default of the day it is read. That is why this is not the schema of
 * complete settings itself, which would fill today's in.
 */
export const SettingsChoice = z
  .unknown()
  .superRefine((chosen, context) => {
    for (const { path, message } of listSettingsFaults(chosen))
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta(describeChoice()) as z.ZodType<ChosenSettings, ChosenSettings>;

export const SettingsRemarks = z
  .array(z.strictObject({ pointer: z.string(), message: z.string() }))
  .describe('What is sound and yet may not do what was meant');

export const getSettings = defineMethod({
  name: 'settings.get',
  version: 1,
  summary:
    "An integration's settings, complete: what nobody has chosen is there with its default, but for single limits",
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId }),
  result: z.strictObject({
    version: Version,
    settings: IntegrationSettings,
    chosen: JsonMembers.describe(
      'Only what somebody has chosen, as settings.put takes it: what is left out follows the defaults of the day',
    ),
    defaults: IntegrationSettings.describe('What holds where nothing is chosen'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId, integrationId }) {
    const integration = await readIntegration(context.store, customerId, integrationId);
    return {
      version: integration.settingsVersion,
      settings: IntegrationSettings.parse(integration.settings),
      chosen: asJson(integration.settings),
      defaults: IntegrationSettings.parse({}),
    };
  },
});

export const putSettings = defineMethod({
  name: 'settings.put',
  version: 1,
  summary: "Replaces an integration's settings; runs that are asked for from now on follow them",
  description:
    'What is left out takes its default, whatever it was before. The same settings once more change nothing. settings.try tries them on real records before they are saved; `flotilla merge --settings` tries merge settings on any.',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    settings: SettingsChoice,
    ifVersion: IfVersion,
  }),
  result: z.strictObject({
    version: Version,
    settings: IntegrationSettings,
    remarks: SettingsRemarks,
  }),
  roles: ['admin'],
  errors: ['not_found', 'stale_version'],
  async run(call: Call<Control>, { customerId, integrationId, settings: chosen, ifVersion }) {
    const settings = IntegrationSettings.parse(chosen);
    const { version, vendor } = await call.context.store.transaction(async (transaction) => {
      const { settingsVersion, vendor, ...before } = await readIntegration(
        transaction,
        customerId,
        integrationId,
      );
      requireSeenVersion({
        what: 'settings',
        shownBy: 'settings.get.v1',
        target: { integrationId },
        ifVersion,
        version: settingsVersion,
      });
      if (canonicalJson(chosen) === canonicalJson(before.settings))
        return { version: settingsVersion, vendor };
      const version = settingsVersion + 1;
      writeSettings(transaction, { customerId, integrationId }, chosen, version);
      noteAction(call, transaction, {
        customerId,
        action: 'settings.put.v1',
        target: { integrationId },
        detail: { version, fields: describeChange(IntegrationSettings.parse(before.settings), settings) },
      });
      return { version, vendor };
    });
    return { version, settings, remarks: remarkOnSettings(settings, vendor) };
  },
});

/** Field by field, before and after, defaults included: what has changed for the runs to come. */
function describeChange(before: IntegrationSettings, after: IntegrationSettings): JsonObject[] {
  const fields = diffFields(asJson(before), asJson(after));
  return fields.map((field) => ({ ...field }));
}

function asJson(settings: ChosenSettings): JsonObject {
  return JSON.parse(JSON.stringify(settings)) as JsonObject;
}

function describeChoice(): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(IntegrationSettings, { target: 'draft-7', io: 'input' });
  return schema as JsonObject;
}
