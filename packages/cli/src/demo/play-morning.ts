import { z } from 'zod';
import { buildDashboard } from '../fleet/build-dashboard.ts';
import { connectFleet, type Fleet } from '../fleet/connect-fleet.ts';
import { followRun } from '../progress/follow-run.ts';
import { StartedAnswer } from '../rpc/answers.ts';
import type { DemoDistrict } from './demo-fleet.ts';
import { severalSystems } from './demo-systems.ts';
import { contestScore, nothing } from './play-grades.ts';
import type { Stage } from './stage.ts';

const Link = z.object({ url: z.string(), expiresAt: z.string() });

/**
 * A morning with something to do: one district's run is held, another's fails, a third has a conflict. Then waits for Ctrl-C, so that
 * somebody may mend it all in the dashboard.
 */
export async function playMorning(stage: Stage): Promise<void> {
  const { host, narrator, demo } = stage;
  const { interrupted: signal } = host;
  const fleet = connectFleet(
    { token: demo.running.token, services: demo.running.services },
    { clock: host.clock, signal },
  );
  narrator.chapter('A bad morning, for you to mend in the dashboard');
  const built = buildDashboard(host);
  const [crowded, lockedOut] = demo.districts;
  if (crowded !== undefined) await emptyDistrict(stage, fleet, crowded);
  if (lockedOut !== undefined) await changeSecret(stage, fleet, lockedOut);
  const system = demo.systems.find(({ use }) => use === 'grades');
  if (system !== undefined) {
    const { before, ours, theirs } = await contestScore(stage, fleet, system);
    narrator.confirm(
      `${severalSystems.name}: a score was ${before}; ${system.title} says ${theirs} now, and somebody here ${ours}`,
    );
  }
  await built;
  const { url } = await fleet.control.call('signIn.createLink.v1', { name: 'demo', role: 'admin' }, Link);
  narrator.tell();
  narrator.tell(
    `The dashboard, by a link that works once, within five minutes:\n\n  ${url}\n\nMails that it sends are named here and kept as files, until Ctrl-C ends it all.`,
  );
  if (narrator.isSilent) host.terminal.print(JSON.stringify({ dashboard: url }));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** So many students leave that no default allows it: the run is held. */
async function emptyDistrict(stage: Stage, fleet: Fleet, { customerId, name, provider }: DemoDistrict) {
  const { users = 0 } = await provider.count();
  await provider.edit({ ...nothing, withdrawn: Math.floor(users / 3) });
  const state = await syncToEnd(stage, fleet, customerId);
  stage.narrator.confirm(`${name}: a third of all people are missing from the list; the run is ${state}`);
}

/** As if somebody had replaced the key at the vendor and told nobody. */
async function changeSecret(stage: Stage, fleet: Fleet, { customerId, name, provider }: DemoDistrict) {
  const credential = Object.fromEntries(
    Object.entries(provider.credential).map(([key, value]) => [
      key,
      /secret/i.test(key) ? 'the-secret-of-last-year' : value,
    ]),
  );
  const params = { customerId, integrationId: 'oneroster', credential };
  await fleet.control.call('credentials.put.v1', params, z.unknown());
  const state = await syncToEnd(stage, fleet, customerId);
  stage.narrator.confirm(
    `${name}: the provider refuses our credential; the run ${state}. The right one: ${JSON.stringify(provider.credential)}`,
  );
}

async function syncToEnd({ host }: Stage, fleet: Fleet, customerId: string): Promise<string> {
  const service = fleet.service('oneroster');
  const { runId } = await service.call('rosters.sync.v1', { customerId }, StartedAnswer);
  const { clock, interrupted: signal } = host;
  const { state } = await followRun({ service, customerId, runId, clock, signal, onProgress: () => {} });
  return state;
}
