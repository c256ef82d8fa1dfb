import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectCustomer } from '@flotilla/cli/fleet/connect-customer';
import type { Fleet } from '@flotilla/cli/fleet/connect-fleet';
import { createOneRosterSimulator, type OneRosterSimulator } from '@flotilla/service-oneroster/simulator';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';
import { hostileTexts, marked } from './hostile-texts.ts';
import type { PagePlaces } from './page-places.ts';

/** Who is told of its problems. */
export const hostileAddress = 'bo@riverside.example';
const customerId = 'riverside';
const integrationId = 'oneroster';
const noEdits = { renamed: 0, transferred: 0, enrolled: 0, rooms: 0, scores: 0 };
const texts = Object.values(hostileTexts).map(marked);

export interface HostileDistrict {
  readonly places: PagePlaces;
}

/**
 * A district whose vendor sends what does harm where it is not treated as text, in names, titles and comments, and whose other vendor says it
 * in its errors. It has a run that ended well, one that failed, one that is held, and conflicts; what is wrong is mailed.
 */
export async function plantHostileDistrict(
  fleet: Fleet,
  cleanup: AsyncDisposableStack,
): Promise<HostileDistrict> {
  const simulator = await createOneRosterSimulator({
    version: '1.2',
    district: { students: 40, seed: 11, assignments: 8 },
  });
  await simulator.listen();
  cleanup.defer(() => simulator.close());
  await connectCustomer(fleet, {
    customerId,
    name: marked(`${hostileTexts.rightToLeft} ${hostileTexts.script}`),
    timeZone: 'America/Chicago',
    vendor: 'oneroster',
    integrationId,
    connection: { ...simulator.connection, gradebook: 'write' },
    credential: simulator.credential,
  });
  const recipients = [{ address: hostileAddress, mode: 'problems' }];
  await fleet.control.call('notifications.put.v1', { customerId, recipients }, z.unknown());
  await sync(fleet, integrationId, 'rosters');
  await sync(fleet, integrationId, 'grades');
  await plantTexts(fleet, simulator);
  const runId = await sync(fleet, integrationId, 'rosters');
  const recordId = await contestResults(fleet, simulator);
  // More than any default allows.
  simulator.nextNight({ ...noEdits, withdrawn: 25 });
  const heldRunId = await sync(fleet, integrationId, 'rosters');
  const failedRunId = await failAtBroken(fleet, cleanup);
  return {
    places: {
      customerId,
      integrationId,
      runId,
      heldRunId,
      failedRunId,
      entityType: 'result',
      recordId,
      night: new Date(systemClock.now()).toISOString().slice(0, 10),
      vendor: 'oneroster',
    },
  };
}

async function plantTexts(fleet: Fleet, simulator: OneRosterSimulator): Promise<void> {
  const kinds = [
    ['user', 'users', 'familyName'],
    ['class', 'classes', 'title'],
    ['org', 'orgs', 'name'],
  ] as const;
  for (const [entityType, collection, member] of kinds) {
    const ids = await firstIds(fleet, entityType);
    simulator.edit(ids.map((id, at) => change(simulator, collection, id, { [member]: texts[at] ?? '' })));
  }
}

/** Changes comments on both sides, to different texts each. Answers one of these records. */
async function contestResults(fleet: Fleet, simulator: OneRosterSimulator): Promise<string> {
  const ids = await firstIds(fleet, 'result');
  simulator.edit(
    ids.map((id, at) => change(simulator, 'results', id, { comment: `theirs ${texts[at] ?? ''}` })),
  );
  for (const [at, recordId] of ids.entries()) {
    const which = { customerId, integrationId, entityType: 'result', recordId };
    const { ours } = await fleet.control.call('records.get.v1', which, Ours);
    const value = { ...ours, comment: `ours ${texts[at] ?? ''}` };
    await fleet.control.call('records.put.v1', { ...which, value }, z.unknown());
  }
  // Not before: each edit would be brought to the vendor at once, by a run of its own.
  const settings = { writeBack: ['result'], entityTypes: { result: { merge: { default: 'manual' } } } };
  await fleet.control.call('settings.put.v1', { customerId, integrationId, settings }, z.unknown());
  await sync(fleet, integrationId, 'grades');
  return ids[0] ?? '';
}

function change(simulator: OneRosterSimulator, collection: string, id: string, members: JsonObject) {
  const record = { ...simulator.record(collection, id), ...members };
  return { collection, op: 'put' as const, id, record };
}

/** As many as there are texts. */
async function firstIds(fleet: Fleet, entityType: string): Promise<readonly string[]> {
  const which = { customerId, integrationId, entityType, limit: texts.length };
  const { records } = await fleet.control.call('records.list.v1', which, Listed);
  return records.map(({ recordId }) => recordId);
}

/** A vendor that signs us in and then answers with errors made of hostile texts. */
async function failAtBroken(fleet: Fleet, cleanup: AsyncDisposableStack): Promise<string> {
  const text = texts.join(' ');
  const server = createServer((request, response) => {
    request.resume();
    const isToken = request.url?.startsWith('/token') === true;
    response.writeHead(isToken ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isToken
          ? { access_token: 'token', token_type: 'Bearer', expires_in: 3600, scope: '' }
          : { imsx_codeMajor: 'failure', imsx_severity: 'error', imsx_description: text, error: text },
      ),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanup.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const broken = 'broken';
  await connectCustomer(fleet, {
    customerId,
    name: undefined,
    timeZone: undefined,
    vendor: 'oneroster',
    integrationId: broken,
    connection: { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, version: '1.2' },
    credential: { type: 'oauth2', clientId: 'a', clientSecret: 'b' },
  });
  return await sync(fleet, broken, 'rosters');
}

const Started = z.object({ runId: z.string() });
const Progress = z.object({ state: z.string() });
const Ours = z.object({ ours: z.record(z.string(), z.json()) });
const Listed = z.object({ records: z.array(z.object({ recordId: z.string() })) });

async function sync(fleet: Fleet, at: string, family: 'rosters' | 'grades'): Promise<string> {
  const { runId } = await fleet
    .service('oneroster')
    .call(`${family}.sync.v1`, { customerId, integrationId: at }, Started);
  await whenEnded(fleet, runId);
  return runId;
}

async function whenEnded(fleet: Fleet, runId: string): Promise<void> {
  for (;;) {
    const { state } = await fleet.control.call('runs.get.v1', { customerId, runId }, Progress);
    if (state !== 'queued' && state !== 'running') return;
    await systemClock.sleep(100);
  }
}
