import { join } from 'node:path';
import { getRun, listRuns, reportRun } from '@flotilla/substrate/methods';
import type { AnyMethod } from '@flotilla/substrate/rpc';
import type { ServiceDefinition } from '@flotilla/substrate/service';
import type { QueueSettings } from '@flotilla/substrate/tasks/task-queue';
import { z } from 'zod';
import type { Control } from './control.ts';
import { sendMailRound } from './mail/mail-round.ts';
import { openMailer } from './mail/open-mailer.ts';
import { listAudit } from './methods/audit.ts';
import { checkIntegration } from './methods/check-integration.ts';
import { listConflicts } from './methods/conflicts.ts';
import { putCredential } from './methods/credentials.ts';
import { getCustomer, listCustomers, putCustomer } from './methods/customers.ts';
import { discardDeadLetters, listDeadLetters, replayDeadLetters } from './methods/dead-letters.ts';
import { approveRun, rejectRun } from './methods/decide-runs.ts';
import { deleteRecord, putRecord } from './methods/edit-records.ts';
import { getFleet } from './methods/fleet.ts';
import { flushNotifications } from './methods/flush-notifications.ts';
import { getIntegration, listIntegrations, putIntegration } from './methods/integrations.ts';
import { getNight, runNightly } from './methods/nightly.ts';
import { getNotifications, putNotifications } from './methods/notifications.ts';
import { getRecordHistory } from './methods/record-history.ts';
import { getRecord, listRecords } from './methods/records.ts';
import { resolveConflicts } from './methods/resolve-conflicts.ts';
import { revertRun } from './methods/revert-run.ts';
import { listRunChanges } from './methods/run-changes.ts';
import { planRun } from './methods/run-plan.ts';
import { previewSchedule } from './methods/schedule.ts';
import { getSession } from './methods/session.ts';
import { getSettings, putSettings } from './methods/settings.ts';
import { trySettings } from './methods/settings-try.ts';
import { trySettingsLimits } from './methods/settings-try-limits.ts';
import { createSignInLink } from './methods/sign-in.ts';
import { startRun } from './methods/start-run.ts';
import { testNotifications } from './methods/test-notifications.ts';
import { getVendor, listVendors } from './methods/vendors.ts';
import { beginDue, beginTask, controlQueue } from './night-start.ts';
import { fanOut, fanOutTask, sweepNights } from './nightly.ts';
import { createServiceProbe } from './service-probe.ts';
import { createVendorDescriptions } from './vendor-descriptions.ts';

/** Services of the fleet that are no vendor's. */
const ownServices: readonly string[] = ['control', 'warehouse'];

const FanOutTask = z.object({ night: z.iso.date(), requestedAt: z.iso.datetime() });

const BeginTask = z.object({
  customerId: z.string(),
  integrationId: z.string(),
  night: z.iso.date(),
  at: z.int(),
});

export const controlMethods = [
  putCustomer,
  getCustomer,
  listCustomers,
  putIntegration,
  listIntegrations,
  getIntegration,
  checkIntegration,
  getFleet,
  listVendors,
  getVendor,
  putCredential,
  getSettings,
  putSettings,
  trySettings,
  trySettingsLimits,
  previewSchedule,
  getNotifications,
  putNotifications,
  testNotifications,
  flushNotifications,
  runNightly,
  getNight,
  startRun,
  getRun,
  listRuns,
  planRun,
  listRunChanges,
  reportRun,
  approveRun,
  rejectRun,
  revertRun,
  getRecord,
  listRecords,
  getRecordHistory,
  putRecord,
  deleteRecord,
  listConflicts,
  resolveConflicts,
  listDeadLetters,
  replayDeadLetters,
  discardDeadLetters,
  listAudit,
  getSession,
  createSignInLink,
] as const satisfies readonly AnyMethod<Control>[];

/** `infra/` makes them in a project, from here. */
export const controlQueues: readonly QueueSettings[] = [
  {
    name: controlQueue,
    // At the full hour many schedules come at once.
    rate: { maxDispatchesPerSecond: 50, maxConcurrentDispatches: 10 },
    retry: { maxAttempts: -1, minBackoffMs: 1_000, maxBackoffMs: 300_000, maxDoublings: 8 },
    dispatchDeadlineMs: 600_000,
  },
];

/** Customers, integrations, credentials, settings, the nightly fan-out, runs and their reports. */
export const control: ServiceDefinition<Control> = {
  name: 'control',
  mayUnwrap: false,
  memory: '256MiB',
  pages: {
    folder: join(import.meta.dirname, '../dashboard/dist'),
    howToBuild: 'npm run dev',
  },
  async open(parts) {
    const context: Control = {
      ...parts,
      mailer: openMailer(parts),
      descriptions: createVendorDescriptions(parts),
      probe: createServiceProbe(parts),
      vendors: parts.deployed.filter((name) => !ownServices.includes(name)),
      nightlySpreadMs: parts.settings.nightlySpreadMs,
      prepareKey: (owner) => parts.vault.prepare(owner),
    };
    return {
      context,
      methods: controlMethods,
      queues: controlQueues,
      async sweep(signal) {
        try {
          await sweepNights(context);
        } finally {
          // Whatever keeps nights from beginning is no reason to keep mails waiting.
          await sendMailRound(context, signal, { isAtOnce: false });
        }
      },
      close: async () => context.mailer?.close(),
      taskRoutes: {
        async [fanOutTask]({ body, signal, log }) {
          const task = FanOutTask.parse(body);
          const runs = await fanOut(context, task, signal);
          if (runs !== undefined) log.info('A night has begun', { night: task.night, runs });
        },
        async [beginTask]({ body, log }) {
          const task = BeginTask.parse(body);
          log.info('A scheduled start was due', { ...task, outcome: await beginDue(context, task) });
        },
      },
    };
  },
};
