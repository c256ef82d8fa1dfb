import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEthosSimulator } from '../simulator.ts';
import { ellucianEthos } from '../vendor.ts';

/** A university whose persons, sections and registrations go both ways. */
async function open({
  hasMaximum = true,
  entered = {},
}: {
  hasMaximum?: boolean;
  entered?: JsonObject;
} = {}) {
  const stage = await openVendorStage({
    vendor: ellucianEthos,
    pageSize: 100,
    createSimulator: ({ clock }) =>
      createEthosSimulator({ clock, hasMaximum, district: { students: 8, seed: 3, assignments: 0 } }),
    connection: (simulator) => ({ ...simulator.connection, ...entered }),
    credential: (simulator) => simulator.credential,
  });
  onTestFinished(() => stage.close());
  await stage.choose({ writeBack: ['user', 'class', 'enrollment'] });
  await stage.sync();

  async function ours(entityType: EntityType) {
    const rows = await stage.stored(undefined, entityType);
    return rows.flatMap(({ recordId: id, value }) => (value === null ? [] : [{ id, value }]));
  }

  async function first(entityType: EntityType, isWanted: (value: JsonObject) => boolean = () => true) {
    const found = (await ours(entityType)).find(({ value }) => isWanted(value));
    if (found === undefined) throw new RangeError(`no such ${entityType}`);
    return found;
  }

  /** Runs a sync, and says what was written and what came of it. */
  async function night() {
    stage.simulator.clearRequests();
    const { run } = await stage.sync();
    const written = stage.simulator
      .requests()
      .filter(({ method, path }) => method !== 'GET' && path !== '/auth')
      .map(({ method, path, status }) => `${method} ${path} ${status}`);
    const report = await stage.report(run.runId);
    return { state: run.state, written, report };
  }

  return { stage, simulator: stage.simulator, ours, first, night };
}

describe.each([true, false])('with sections in the maximum representation: %s', (hasMaximum) => {
  test('a person, a section and a registration are created under ids of the vendor, changed, and the last is dropped', async () => {
    const { stage, simulator, first, ours, night } = await open({ hasMaximum });
    const section = await first('class');
    const student = await first('enrollment', ({ role }) => role === 'student');
    await stage.edit('user', 'ours-u', {
      status: 'active',
      enabledUser: true,
      givenName: 'Ada',
      familyName: 'Byron',
      email: 'ada@mvsu.example',
      roles: [{ roleType: 'primary', role: 'student' }],
    });
    const { courseSourcedId = '', schoolSourcedId = '', termSourcedIds = [] } = section.value;
    await stage.edit('class', 'ours-c', {
      status: 'active',
      title: 'Analytical Engines',
      classCode: 'AE-1',
      courseSourcedId,
      schoolSourcedId,
      termSourcedIds,
      beginDate: '2025-09-01',
    });
    expect(await night()).toMatchObject({
      state: 'succeeded',
      written: ['POST /api/sections 201', 'POST /api/persons 201'],
    });
    const ada = await first('user', ({ givenName }) => givenName === 'Ada');
    const engines = await first('class', ({ title }) => title === 'Analytical Engines');
    expect([ada.id, engines.id].every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
    expect(simulator.record('persons', ada.id)).toMatchObject({
      names: [{ type: { category: 'legal' }, fullName: 'Ada Byron', firstName: 'Ada', lastName: 'Byron' }],
      emails: [{ address: 'ada@mvsu.example' }],
    });

    await stage.edit('enrollment', 'ours-e', {
      status: 'active',
      role: 'student',
      userSourcedId: ada.id,
      classSourcedId: engines.id,
      beginDate: '2025-09-02',
    });
    await stage.edit('user', ada.id, { ...ada.value, familyName: 'Lovelace', middleName: 'King' });
    await stage.edit('class', engines.id, { ...engines.value, title: 'Engines', endDate: '2025-12-20' });
    await stage.edit('enrollment', student.id, null);
    const changed = await night();
    expect(changed.state).toBe('succeeded');
    expect(changed.written).toEqual([
      `PUT /api/sections/${engines.id} 200`,
      `PUT /api/persons/${ada.id} 200`,
      ...changed.written.filter((line) => line.includes('section-registrations')),
    ]);
    expect(changed.written.filter((line) => line.includes('section-registrations')).toSorted()).toEqual([
      'POST /api/section-registrations 201',
      `PUT /api/section-registrations/${student.id} 200`,
    ]);
    expect(simulator.record('persons', ada.id)).toMatchObject({
      names: [{ fullName: 'Ada King Lovelace', middleName: 'King', lastName: 'Lovelace' }],
    });
    expect(simulator.record('sections', engines.id)).toMatchObject({
      titles: [{ value: 'Engines' }],
      endOn: '2025-12-20',
    });
    expect(simulator.record('section-registrations', student.id)).toMatchObject({
      status: { registrationStatus: 'notRegistered', sectionRegistrationStatusReason: 'dropped' },
    });
    expect((await ours('enrollment')).map(({ id }) => id)).not.toContain(student.id);

    expect(await night()).toMatchObject({ state: 'succeeded', written: [] });
  });

  test('a change leaves alone what only the vendor has', async () => {
    const { stage, simulator, first, night } = await open({ hasMaximum });
    const section = await first('class');
    const person = await first('user', ({ preferredFirstName }) => preferredFirstName !== undefined);
    const before = {
      section: simulator.record('sections', section.id),
      person: simulator.record('persons', person.id),
    };
    await stage.edit('class', section.id, { ...section.value, classCode: 'OURS-1' });
    await stage.edit('user', person.id, { ...person.value, email: 'ours@mvsu.example' });

    await night();

    const { metadata: _, ...kept } = before.section ?? {};
    expect(simulator.record('sections', section.id)).toMatchObject({ ...kept, code: 'OURS-1' });
    const { metadata: __, emails: ___, ...known } = before.person ?? {};
    expect(simulator.record('persons', person.id)).toMatchObject({
      ...known,
      emails: [{ type: { emailType: 'school' }, preference: 'primary', address: 'ours@mvsu.example' }],
    });
  });
});

test('what the ERP refuses is reported with its very words, and what it demands is named before it is asked', async () => {
  const { stage, first, night } = await open();
  const section = await first('class');
  const teaching = await first('enrollment', ({ role }) => role === 'teacher');
  await stage.edit('class', section.id, { ...section.value, courseSourcedId: section.id });
  await stage.edit('enrollment', teaching.id, { ...teaching.value, beginDate: '2025-10-01' });
  const { beginDate: _, ...undated } = section.value;
  await stage.edit('class', 'ours-c', { ...undated, title: 'Undated' });

  const { report, written } = await night();

  const text = JSON.stringify(report);
  expect(text).toContain('course.id is no GUID of courses');
  expect(text).toContain('Only registrations of students are written');
  expect(text).toContain('The vendor demands what is not known here');
  expect(written).toEqual([`PUT /api/sections/${section.id} 400`]);
});

test('a person whose creation was answered and the answer lost is found by name, and not created twice', async () => {
  const { stage, simulator, ours } = await open();
  await stage.edit('user', 'ours-u', {
    status: 'active',
    enabledUser: true,
    givenName: 'Grace',
    familyName: 'Hopper',
    roles: [],
  });
  simulator.addFault('POST /api/persons: cut');
  const runId = await stage.start();
  for (let retryCount = 0; retryCount < 5; retryCount++)
    if ((await stage.deliver(runId, { retryCount }).catch(() => 'thrown')) === 'finished') break;

  const found = (await ours('user')).filter(({ value }) => value.familyName === 'Hopper');
  expect(found).toHaveLength(1);
  const { persons = 0 } = simulator.counts();
  expect(persons).toBe((await ours('user')).length);
});
