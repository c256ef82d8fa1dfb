import { CustomerId, IntegrationId } from '@flotilla/substrate/methods';
import { listJudgedRuns, unknownReasons } from '@flotilla/substrate/pipeline';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import { actions, directions, Limit, SafetyLimits } from '@flotilla/substrate/settings/safety-limits';
import { readIntegration, type Store } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { tryLimits } from './try-limits.ts';

/** Runs that are looked at, and what is shown of them; more is counted. */
const mostRuns = 30;
const mostShown = 100;

const Count = z.int().min(0);
const TriedLimit = Limit.extend({
  allowed: Count.describe('So many it lets through of so many records'),
});

const ofRun = {
  runId: z.string(),
  at: z.iso.datetime().describe('When the run was asked for'),
  entityType: z.string(),
};

export const LimitsTrialView = z
  .strictObject({
    runs: Count.describe(
      'Runs that were looked at: the latest that a night or a person asked for, of whole sets; no dry run, none that takes another back, none that failed before limits were asked',
    ),
    since: z.iso.datetime().nullable().describe('When the earliest of them was asked for'),
    held: z
      .strictObject({ actually: Count, stored: Count, tried: Count })
      .describe('How many of them were held when they came; how many would be under either limits'),
    unclear: z
      .strictObject({ stored: Count, tried: Count })
      .describe('Of how many it cannot be said, since what it takes was not kept: `unknown`'),
    exceeded: z
      .array(
        z.strictObject({
          ...ofRun,
          action: z.enum(actions),
          direction: z.enum(directions),
          school: z.string().optional().describe('Present where the limit is one within a school'),
          count: Count.describe('Records that the run would change so, as it counted them then'),
          of: Count.describe('Records that were stored then: what the percentage is of'),
          limit: z
            .strictObject({ stored: TriedLimit.nullable(), tried: TriedLimit.nullable() })
            .describe('Null: none'),
          held: z
            .strictObject({ stored: z.boolean(), tried: z.boolean() })
            .describe('Whether it is more than the limit lets through'),
          wasHeld: z.boolean().describe('Whether the run was held when it came, by whatever limit'),
        }),
      )
      .describe('What is over a limit, under either; the latest run first'),
    exceededOmitted: Count,
    unknown: z
      .array(
        z.strictObject({
          ...ofRun,
          reason: z
            .enum(unknownReasons)
            .describe(
              '`uncounted`: how many records it would change was not counted, since no limit of that time could be exceeded. `schoolSizes`: only what had changed was fetched, and the sizes of schools were not counted',
            ),
          unclear: z.strictObject({ stored: z.boolean(), tried: z.boolean() }),
        }),
      )
      .describe('Where it cannot be said of every limit whether it would have held the run'),
    unknownOmitted: Count,
  })
  .describe(
    'Judged as a run itself judges, by what each counted under the settings of its time: the limits alone are others',
  );

export const trySettingsLimits = defineMethod({
  name: 'settings.tryLimits',
  version: 1,
  summary:
    "Which of an integration's last runs other safety limits would have held, beside the stored ones; nothing is written",
  description:
    'How many records a run would change is as the run counted them, under the settings of its time. The vendor is not asked, and nothing is merged.',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    limits: SafetyLimits.describe('Complete, as `limits` of the settings: what is left out is as by default'),
  }),
  result: LimitsTrialView,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { limits: tried, ...scope }) {
    const integration = await readIntegration(store, scope.customerId, scope.integrationId);
    const stored = IntegrationSettings.parse(integration.settings).limits;
    return await tryLimitsOn(store, scope, { stored, tried });
  },
});

/** What limits would have made of the integration's last runs. */
export async function tryLimitsOn(
  store: Store,
  scope: { readonly customerId: string; readonly integrationId: string },
  limits: { readonly stored: SafetyLimits; readonly tried: SafetyLimits },
): Promise<z.input<typeof LimitsTrialView>> {
  const { passed, unknown, ...counts } = tryLimits(await listJudgedRuns(store, scope, mostRuns), limits);
  return {
    ...counts,
    exceeded: passed.slice(0, mostShown),
    exceededOmitted: Math.max(0, passed.length - mostShown),
    unknown: unknown.slice(0, mostShown),
    unknownOmitted: Math.max(0, unknown.length - mostShown),
  };
}
