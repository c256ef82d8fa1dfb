import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Connection } from './connection.ts';
import { changeQueries } from './feed.ts';
import { createEdFiSimulator, type EdFiSimulatorOptions } from './simulator.ts';
import { edFi } from './vendor.ts';

async function open(options: EdFiSimulatorOptions = {}) {
  const district = { students: 26, seed: 7, assignments: 12, attendance: 20, assessmentResults: 10 };
  const stage = await openVendorStage({
    vendor: edFi,
    createSimulator: ({ clock }) => createEdFiSimulator({ clock, district, ...options }),
    connection: ({ connection }) => connection,
    credential: ({ credential }) => credential,
    pageSize: 100,
  });
  onTestFinished(() => stage.close());
  const { simulator } = stage;

  /** A run as every night has it, and which lists it asked for. */
  async function night() {
    simulator.clearRequests();
    const { run, changes } = await stage.sync();
    const lists = simulator.requests().map(({ path }) => path.replace(/^.*\/ed-fi\//, ''));
    return {
      run,
      lists,
      found: changes.map(({ entityType, action }) => `${entityType} ${action}`).toSorted(),
    };
  }

  /** What is stored is what a second integration reads whole, but for dates of change. */
  async function expectInStep(): Promise<void> {
    const integrationId = `fresh-${Math.random()}`;
    await stage.connect(integrationId);
    expect((await stage.sync({ integrationId })).run.state).toBe('succeeded');
    const rows = async (of?: string) =>
      (await stage.stored(of))
        .filter(({ value }) => value !== null)
        .map(({ entityType, recordId, hash }) => [entityType, recordId, hash]);
    expect(await rows()).toEqual(await rows(integrationId));
  }

  const values = async (entityType: EntityType) =>
    new Map((await stage.stored(undefined, entityType)).map(({ recordId, value }) => [recordId, value]));
  return { stage, simulator, night, expectInStep, values };
}

function replace(
  simulator: ReturnType<typeof createEdFiSimulator>,
  collection: string,
  id: string,
  change: JsonObject,
) {
  const record = { ...simulator.record(collection, id), ...change };
  simulator.edit([{ collection, op: 'put', id, record }]);
}

describe('a night after the first', () => {
  test('that finds no newer change version reads no list at all', async () => {
    const { stage, night } = await open();
    await stage.sync();
    expect(await night()).toMatchObject({
      run: { state: 'unchanged' },
      lists: expect.not.arrayContaining(['students']),
    });
  });

  test('brings everything in step with changes, deletes and changed keys alone', async () => {
    const { stage, simulator, night, expectInStep } = await open();
    await stage.sync();
    simulator.nextNight();

    const first = await night();

    expect(first.run.state).toBe('succeeded');
    expect(first.lists).toContain('sections/deletes');
    // What other lists say of people may have changed as well, so they are read whole.
    expect(first.lists).toContain('studentSchoolAssociations');
    expect(first.lists).not.toContain('students/deletes');
    expect(first.lists).toContain('studentSectionAssociations/keyChanges');
    expect(first.found).toContain('user create');
    expect(first.found).toContain('enrollment delete');
    await expectInStep();
    simulator.nextNight();
    expect((await night()).run.state).toBe('succeeded');
    await expectInStep();
  }, 30_000);

  test('sees what was committed late under a version that was passed already: windows overlap by one run', async () => {
    const { stage, simulator, night } = await open();
    await stage.sync();
    replace(simulator, 'schools', '1001', { nameOfInstitution: 'Renamed' });
    await night();
    replace(simulator, 'schools', '1001', { nameOfInstitution: 'Renamed again' });
    await night();

    const [asked] = simulator.requests('GET /data/v3/ed-fi/schools').slice(-1);
    // 1000 is where it all began; the second night begins after that, not after the first night's 1001.
    expect(new URLSearchParams(asked?.query).get('minChangeVersion')).toBe('1001');
    expect(new URLSearchParams(asked?.query).get('maxChangeVersion')).toBe('1002');
  });

  test('takes a record that was deleted and sent again under its old key for changed, not for gone', async () => {
    const { stage, simulator, night, values, expectInStep } = await open();
    await stage.sync();
    const [id = ''] = (await values('result')).keys();
    const record = simulator.record('studentGradebookEntries', id) ?? {};
    simulator.edit([{ collection: 'studentGradebookEntries', op: 'remove', id }]);
    simulator.edit([
      { collection: 'studentGradebookEntries', op: 'put', id, record: { ...record, pointsEarned: 1 } },
    ]);

    expect((await night()).found).toEqual(['result update']);
    await expectInStep();
  });

  test('moves a section whose key was changed, with all that refers to it', async () => {
    const { stage, simulator, night, values, expectInStep } = await open();
    await stage.sync();
    const [id = ''] = (await values('class')).keys();
    const token = await stage.sync({ entityTypes: ['org'] });
    expect(token.run.state).not.toBe('failed');
    const authorization = stage.tap.sent.at(-1)?.headers.authorization ?? '';
    const list = `${simulator.origin}/data/v3/ed-fi/sections`;
    const identifier = encodeURIComponent(id.split('/').at(-1) ?? '');
    const headers = { authorization, 'Content-Type': 'application/json' };
    const [section] = (await (
      await fetch(`${list}?sectionIdentifier=${identifier}`, { headers })
    ).json()) as (JsonObject & { readonly id: string })[];
    const body = JSON.stringify({ ...section, sectionIdentifier: 'moved' });
    expect((await fetch(`${list}/${section?.id}`, { method: 'PUT', headers, body })).status).toBe(204);

    const { run, found } = await night();

    expect(run.state).toBe('succeeded');
    expect(found).toContain('class create');
    expect(found).toContain('class delete');
    expect(found).toContain('enrollment delete');
    await expectInStep();
  }, 30_000);

  test('reads everything whole where the host has change queries switched off', async () => {
    const { stage, simulator, night, expectInStep } = await open({ changeQueries: false });
    await stage.sync();
    simulator.nextNight();
    const { run, lists } = await night();
    expect(run.state).toBe('succeeded');
    expect(lists).toContain('students');
    expect(lists).not.toContain('sections/deletes');
    await expectInStep();
  }, 30_000);
});

describe('change versions', () => {
  const { cursorIn, isTooOld } = changeQueries;
  const since = (entityType: EntityType, host: Connection) => {
    const entity = edFi.entities.find((one) => one.entityType === entityType);
    const names = entity?.lists?.(host) ?? [''];
    const lists = names.flatMap((name) => entity?.collection(host, name) ?? []);
    return changeQueries.since?.(entityType, { from: '1', to: '2' }, host, lists);
  };
  const connection = Connection.parse({ baseUrl: 'https://host.example', apiVersion: 7.3 });

  test('are read in either spelling', () => {
    expect(cursorIn?.({ oldestChangeVersion: 0, newestChangeVersion: 114218 })).toBe('114218');
    expect(cursorIn?.({ OldestChangeVersion: 0, NewestChangeVersion: 7 })).toBe('7');
    expect(cursorIn?.({ message: 'no' })).toBeUndefined();
  });

  test('are too old where the host kept none of ours, or began to count anew', () => {
    const answer = { oldestChangeVersion: 50, newestChangeVersion: 90 };
    expect(['48', '49', '90', '91'].map((cursor) => isTooOld?.(cursor, answer))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('are not gone by where deletes do not say whose key it was, or where nobody wants them', () => {
    expect(since('user', connection)).toHaveLength(9);
    expect(since('user', { ...connection, apiVersion: 5.3 })).toBeUndefined();
    expect(since('user', { ...connection, changeQueries: false })).toBeUndefined();
  });

  test('of demographics count for the organization that is read alone', () => {
    const [, deletes] = since('demographics', { ...connection, demographicsOf: '1' }) ?? [];
    const keyValues = { studentUniqueId: '7', educationOrganizationId: 1 };
    expect(deletes?.says({ id: 'a', changeVersion: 2, keyValues })).toEqual([{ deleted: '7' }]);
    expect(
      deletes?.says({ id: 'a', changeVersion: 2, keyValues: { ...keyValues, educationOrganizationId: 2 } }),
    ).toEqual([]);
  });

  test('with a deletion of which the key is not said are refused as a record, so that all is read whole', () => {
    const [, deletes] = since('category', connection) ?? [];
    expect(deletes?.says({ id: 'a', changeVersion: 2 })).toEqual([
      { changed: { id: 'a', changeVersion: 2 } },
    ]);
  });
});
