import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { plainId } from '@flotilla/substrate/testing/simulator/record-store';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { expect, onTestFinished, test } from 'vitest';
import type { ResourceName } from './simulator/resources.ts';
import { createEthosSimulator, type EthosSimulatorOptions } from './simulator.ts';
import { ellucianEthos } from './vendor.ts';

const all: readonly ResourceName[] = [
  'academic-periods',
  'courses',
  'sections',
  'instructional-events',
  'persons',
  'section-registrations',
  'section-instructors',
  'student-transcript-grades',
];

/** Read whole each night: they are few, or other lists say more of them. */
const whole = [
  'educational-institutions',
  'educational-institution-units',
  'sites',
  'subjects',
  'courses',
  'grade-definitions',
  'student-transcript-grades',
].map((name) => `/api/${name}`);

async function open(
  subscribed: readonly ResourceName[],
  options: EthosSimulatorOptions = {},
  entered: JsonObject = {},
) {
  const stage = await openVendorStage({
    vendor: ellucianEthos,
    pageSize: 100,
    createSimulator: ({ clock }) =>
      createEthosSimulator({
        clock,
        subscribed,
        district: { students: 18, seed: 5, assignments: 4 },
        ...options,
      }),
    connection: (simulator) => ({ ...simulator.connection, ...entered }),
    credential: (simulator) => simulator.credential,
  });
  onTestFinished(() => stage.close());
  const { simulator } = stage;

  /** Runs a sync; which lists it read, and which single records. */
  async function night() {
    simulator.clearRequests();
    const { run, changes } = await stage.sync();
    const asked = simulator.requests('GET *').map(({ path }) => path);
    return {
      state: run.state,
      changes: changes.map(({ entityType, action }) => `${action} ${entityType}`).toSorted(),
      consumed: asked.filter((path) => path === '/consume').length,
      lists: asked.filter((path) => /^\/api\/[a-z-]+$/.test(path)),
      ones: asked.filter((path) => /^\/api\/[a-z-]+\/./.test(path)).toSorted(),
    };
  }

  function edit(collection: ResourceName, id: string, change: JsonObject | null): void {
    const record = { ...simulator.record(collection, id), ...change };
    simulator.edit([
      change === null ? { collection, op: 'remove', id } : { collection, op: 'put', id, record },
    ]);
  }

  return { stage, simulator, night, edit };
}

test('after one whole sync, a night of edits costs what the queue names and nothing else', async () => {
  const { stage, simulator, night } = await open(all);
  expect(await night()).toMatchObject({ state: 'succeeded', consumed: 1 });
  simulator.nextNight();

  const { state, changes, lists, ones, consumed } = await night();

  expect([state, lists, consumed]).toEqual(['succeeded', whole, 2]);
  expect(ones.length).toBeGreaterThan(10);
  const kinds = ['create', 'update', 'delete'].map((action) => `${action} user`);
  expect(changes).toEqual(expect.arrayContaining([...kinds, 'create enrollment', 'update class']));
  // What a whole sync would find is the same.
  await stage.connect('second');
  await stage.sync({ integrationId: 'second', isFull: true });
  const content = async (integrationId?: string) =>
    (await stage.stored(integrationId)).map(({ entityType, recordId, hash }) => [entityType, recordId, hash]);
  expect(await content('second')).toEqual(await content());
  expect(await night()).toMatchObject({ lists: whole, ones: [], changes: [] });
});

test('a room that changes is read with its section, though the message is of the event', async () => {
  const { stage, simulator, night, edit } = await open(all);
  await night();
  const [section] = await stage.stored(undefined, 'class');
  const [meeting] = (section?.value?.meetings ?? []) as readonly JsonObject[];
  edit('instructional-events', plainId(meeting ?? {}), { locations: [] });

  expect(await night()).toMatchObject({
    lists: whole,
    ones: [`/api/sections/${section?.recordId}`],
    changes: ['update class'],
  });
  expect(simulator.record('sections', section?.recordId ?? '')).not.toHaveProperty('instructionalEvents');
});

test('what is not subscribed is read whole, beside what is', async () => {
  const { stage, night, edit } = await open(['persons']);
  await night();
  const [user] = await stage.stored(undefined, 'user');
  edit('persons', user?.recordId ?? '', { emails: [{ address: 'new@mvsu.example' }] });

  const { lists, ones, changes } = await night();

  expect(ones).toEqual([`/api/persons/${user?.recordId}`, `/api/persons/${user?.recordId}`]);
  expect(lists).toContain('/api/courses');
  expect(lists).not.toContain('/api/persons');
  expect(changes).toEqual(['update user']);
});

test('a dropped registration is gone, and an org that has changed is read all the same', async () => {
  const { stage, simulator, night, edit } = await open(all);
  await night();
  const dropped = (await stage.stored(undefined, 'enrollment')).find(
    ({ value }) => value?.role === 'student',
  );
  const status = { registrationStatus: 'notRegistered', sectionRegistrationStatusReason: 'withdrawn' };
  edit('section-registrations', dropped?.recordId ?? '', { status });
  const site = (await stage.stored(undefined, 'org')).find(({ value }) => value?.type === 'school');
  edit('sites', site?.recordId ?? '', { title: 'North Campus' });

  expect((await night()).changes).toEqual(['delete enrollment', 'update org']);
  expect(simulator.record('section-registrations', dropped?.recordId ?? '')).toMatchObject({ status });
});

test('a message that is understood by nobody is no reason to pass over what it is about', async () => {
  const { stage, night, edit } = await open(['persons']);
  await night();
  const [user] = await stage.stored(undefined, 'user');
  edit('persons', user?.recordId ?? '', { emails: [{ address: 'new@mvsu.example' }] });
  stage.tap.tamper((response, { url }) =>
    url.pathname === '/consume' && url.searchParams.get('lastProcessedID') === '0'
      ? { ...response, body: new TextEncoder().encode('[{"id":"1","operation":"replaced"}]') }
      : response,
  );
  await night();
  stage.tap.tamper(undefined);

  await night();
  const found = (await stage.stored(undefined, 'user')).find(({ recordId }) => recordId === user?.recordId);
  expect(found?.value).toMatchObject({ email: 'new@mvsu.example' });
});

test('pages are no longer than the ERP allows, whether it cuts them or refuses to', async () => {
  const capped = await open([], { largestPage: 7 });
  expect(await capped.night()).toMatchObject({ state: 'succeeded' });
  const limits = capped.simulator
    .requests('GET /api/persons')
    .map(({ query }) => /limit=(\d+)/.exec(query)?.[1]);
  expect(limits.slice(0, 3)).toEqual(['100', '7', '7']);

  const refused = await open([], { largestPage: 7, largerLimit: 'refused' });
  expect(await refused.night()).toMatchObject({ state: 'partial', changes: [] });
  const told = await open([], { largestPage: 7, largerLimit: 'refused' }, { pageSize: 7 });
  expect(await told.night()).toMatchObject({ state: 'succeeded' });
});
