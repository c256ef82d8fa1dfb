import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { listQuarantined } from '../../store/quarantine.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { paperDistrict } from '../paper-school.fixture.ts';
import { type AskedRun, owner, type PipelineFixtureOptions } from '../pipeline.fixture.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

type Outcome = Awaited<ReturnType<PipelineSeat['fixture']['sync']>>;

/** Whole sets are verified before anything of them is merged: here, that what records point to is there. */
export function describeVerification(seat: PipelineSeat): void {
  /** A district whose users are of a school and have demographics. */
  async function openDistrict(options: PipelineFixtureOptions = {}): Promise<void> {
    await seat.renew({ ...options, vendor: paperDistrict });
    const { data } = seat.fixture.school;
    data.users = data.users.map((user) => ({ ...user, school: 'o1' }));
    data.demographics = data.users.map(({ id }) => ({ id: id as string, city: 'Oakville' }));
  }

  async function quarantined({ run }: Outcome) {
    const rows = await listQuarantined(seat.fixture.platform.store, run, 1_000);
    return rows.map(({ entityType, recordId, failure }) => [
      entityType,
      recordId,
      failure.data,
      failure.message,
    ]);
  }

  async function storedIds(entityType: string): Promise<readonly string[]> {
    const rows = await seat.fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
    return rows.map((row) => row.recordId);
  }

  /** Users and their demographics by the dozen. */
  function addUsers(count: number): void {
    const { data } = seat.fixture.school;
    for (let n = 0; n < count; n++) {
      data.users.push({ id: `more-${n}`, given: 'Given', family: 'More', school: 'o1' });
      data.demographics.push({ id: `more-${n}`, city: 'Oakville' });
    }
  }

  /** So many users name a school that is not there. */
  function misplaceUsers(count: number): void {
    const { data } = seat.fixture.school;
    data.users = data.users.map((user, index) => (index < count ? { ...user, school: 'o9' } : user));
  }

  describe('references', () => {
    test('that all lead somewhere leave nothing out', async () => {
      await openDistrict();

      const { run, user, demographics } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect([user?.counts, demographics?.counts]).toMatchObject([
        { created: 5, quarantined: 0 },
        { created: 5, quarantined: 0 },
      ]);
    });

    test('to a record that the vendor did not send put the record in quarantine, and name member, type and id', async () => {
      await openDistrict();
      seat.fixture.school.data.users[1] = { id: 'u2', given: 'Given 2', family: 'Oakley', school: 'o9' };

      const outcome = await seat.fixture.sync();

      expect(outcome.run.state).toBe('succeeded');
      expect(outcome.user?.counts).toMatchObject({ created: 4, quarantined: 1 });
      expect(await storedIds('user')).toEqual(['u1', 'u3', 'u4', 'u5']);
      expect(await quarantined(outcome)).toEqual([
        // What points to what was left out is left out as well.
        [
          'demographics',
          'u2',
          { pointer: '', refersTo: 'user', id: 'u2' },
          'The record points to one that the vendor withdrew, or that was left out itself',
        ],
        [
          'user',
          'u2',
          { pointer: '/primaryOrgSourcedId', refersTo: 'org', id: 'o9' },
          'The record points to one that the vendor did not send',
        ],
      ]);
    });

    test.each([
      ['is missing', (users: JsonObject[]) => users.splice(2, 1)],
      ['is withdrawn', (users: JsonObject[]) => users.splice(2, 1, { ...users[2], gone: true })],
    ])(
      'of an unchanged record are found broken when what it names %s, and its stored version stays',
      async (_name, remove) => {
        await openDistrict();
        await seat.fixture.sync();
        remove(seat.fixture.school.data.users);

        const outcome = await seat.fixture.sync();

        expect(outcome.user?.counts).toMatchObject({ deleted: 1 });
        expect(outcome.demographics?.counts).toMatchObject({ quarantined: 1, deleted: 0, unchanged: 4 });
        expect(await quarantined(outcome)).toMatchObject([
          ['demographics', 'u3', { refersTo: 'user', id: 'u3' }, expect.any(String)],
        ]);
        expect(await storedIds('demographics')).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
      },
    );

    test('to a record that is quarantined hold while it is stored', async () => {
      await openDistrict();
      await seat.fixture.sync();
      seat.fixture.school.data.users[2] = { id: 'u3', given: 7 };

      const outcome = await seat.fixture.sync();

      expect(outcome.demographics?.counts).toMatchObject({ quarantined: 0, unchanged: 5 });
      expect(await quarantined(outcome)).toMatchObject([['user', 'u3', {}, expect.any(String)]]);
    });

    test('hold to what came good on the page on which another of its id was left out', async () => {
      await openDistrict();
      const { users } = seat.fixture.school.data;
      users.splice(1, 0, { id: 'u1', given: 7 });

      const outcome = await seat.fixture.sync();

      expect(outcome.demographics?.counts).toMatchObject({ created: 5, quarantined: 0 });
    });

    test('are not missed where the set that they lead into is not whole: what is stored counts', async () => {
      await openDistrict();
      await seat.fixture.sync();
      seat.fixture.school.addFault('GET /users page=3: drop-records=1');

      const outcome = await seat.fixture.sync();

      expect(outcome.user?.failure?.code).toBe('incomplete_fetch');
      expect(outcome.demographics?.counts).toMatchObject({ unchanged: 5, quarantined: 0 });
    });

    test('into an entity type that is not part of the run are looked up in the store', async () => {
      await openDistrict();
      await seat.fixture.sync();
      const { data } = seat.fixture.school;
      data.users.push({ id: 'u6', given: 'Six', family: 'Oakley', school: 'o1' });
      data.demographics.push({ id: 'u6', city: 'Oakville' });

      const outcome = await seat.fixture.sync({}, { entityTypes: ['demographics'] });

      expect(outcome.demographics?.counts).toMatchObject({ unchanged: 5, quarantined: 1 });
      expect(await quarantined(outcome)).toEqual([
        [
          'demographics',
          'u6',
          { pointer: '', refersTo: 'user', id: 'u6' },
          'The record points to one that is not stored',
        ],
      ]);
    });

    test.each<[string, AskedRun, ChosenSettings]>([
      ['was never synced', { entityTypes: ['demographics'] }, {}],
      ['is disabled', {}, { disabledEntityTypes: ['user'] }],
    ])('into an entity type that %s are taken at the vendor’s word', async (_name, request, settings) => {
      await openDistrict();
      await seat.fixture.choose(settings);

      const outcome = await seat.fixture.sync({}, request);

      expect(outcome.demographics?.counts).toMatchObject({ created: 5, quarantined: 0 });
    });

    test('into an entity type of which the vendor shares nothing are taken at its word, until it does', async () => {
      await openDistrict();
      const { data } = seat.fixture.school;
      const users = data.users.splice(0);
      const first = await seat.fixture.sync();
      expect(first.demographics?.counts).toMatchObject({ created: 5, quarantined: 0 });
      data.users.push(...users.slice(1));

      const second = await seat.fixture.sync();

      expect(second.demographics?.counts).toMatchObject({ unchanged: 4, quarantined: 1 });
    });

    test('into an entity type that the vendor does not offer are taken at its word', async () => {
      await openDistrict();
      seat.fixture.school.addFault('GET /users: 404');

      const outcome = await seat.fixture.sync();

      expect(outcome.user).toMatchObject({ stage: 'skipped', failure: { code: 'not_found' } });
      expect(outcome.demographics?.counts).toMatchObject({ created: 5, quarantined: 0 });
    });

    test('are not looked at where the customer chose so, for all or for one entity type', async () => {
      await openDistrict();
      seat.fixture.school.data.users.splice(0, 2);
      await seat.fixture.choose({ entityTypes: { demographics: { references: 'ignore' } } });
      const first = await seat.fixture.sync();
      expect(first.demographics?.counts).toMatchObject({ created: 5, quarantined: 0 });

      await seat.fixture.choose({
        references: 'ignore',
        entityTypes: { demographics: { references: 'quarantine' } },
      });
      const second = await seat.fixture.sync();
      expect(second.demographics?.counts).toMatchObject({ unchanged: 3, quarantined: 2 });
    });

    test.each([2, 3, 4, 5])(
      'are known to a run that goes on in another slice after page %d',
      async (page) => {
        const clock = createManualClock();
        await openDistrict({ clock });
        seat.fixture.school.data.users[1] = { id: 'u2', given: 'Given 2', family: 'Oakley', school: 'o9' };

        const outcome = await seat.fixture.sync({ openClient: seat.exhaustAfter(page, clock) });

        expect(outcome.run.slice).toBe(1);
        expect(outcome.demographics?.counts).toMatchObject({ created: 4, quarantined: 1 });
      },
    );
  });

  describe('a set of which many records point to what is not there', () => {
    test('fails as a whole, with those that depend on it, and nothing of it is stored', async () => {
      await openDistrict();
      addUsers(40);
      misplaceUsers(26);

      const { run, org, user, demographics } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(org?.stage).toBe('done');
      expect(user).toMatchObject({
        stage: 'failed',
        failure: { code: 'verification_failed', data: { records: 45, broken: 26, refersTo: { org: 26 } } },
      });
      expect(demographics).toMatchObject({ stage: 'skipped', failure: { data: { refersTo: 'user' } } });
      expect(await storedIds('user')).toEqual([]);
      // Where the vendor says how many there are, the rest is not even asked for.
      expect(user?.pages).toBe(13);
    });

    test.each([
      ['so few', 25, 20],
      ['so small a share', 26, 125],
    ])('passes where they are %s', async (_name, broken, more) => {
      await openDistrict();
      addUsers(Math.max(more, broken));
      misplaceUsers(broken);
      await seat.fixture.choose({ disabledEntityTypes: ['demographics'] });

      const { user } = await seat.fixture.sync();

      expect(user).toMatchObject({ stage: 'done', counts: { quarantined: broken } });
    });

    test('shows that a set is not whole which names what they miss: nothing is deleted of it', async () => {
      await openDistrict();
      addUsers(75);
      await seat.fixture.sync();
      const { data } = seat.fixture.school;
      // Cut off without a word: the vendor's total is as short as its list.
      data.users = data.users.slice(0, 54);
      data.users[0] = { ...data.users[0], family: 'Ashby' };
      await seat.fixture.choose({ limits: { toOurs: { delete: 'off' } } });

      const outcome = await seat.fixture.sync();

      expect(outcome.run.state).toBe('partial');
      expect(outcome.demographics).toMatchObject({
        stage: 'failed',
        failure: { code: 'verification_failed' },
      });
      expect(outcome.user).toMatchObject({
        stage: 'done',
        failure: { code: 'incomplete_fetch', data: { missing: 26, namedBy: 'demographics' } },
        counts: { updated: 1, deleted: 0 },
      });
      expect(await storedIds('user')).toHaveLength(80);
    });

    test('does not bring a set in doubt that has long lacked what they name', async () => {
      await openDistrict();
      addUsers(75);
      seat.fixture.school.data.users.splice(0, 30);
      const first = await seat.fixture.sync();
      expect(first.demographics?.stage).toBe('failed');
      seat.fixture.school.data.users.splice(0, 1);

      const { user, demographics } = await seat.fixture.sync();

      expect(demographics?.stage).toBe('failed');
      expect(user).toMatchObject({ stage: 'done', failure: null, counts: { deleted: 1 } });
    });
  });

  describe('what a fetch counts', () => {
    test('are the good records of each school', async () => {
      await openDistrict();
      const { data } = seat.fixture.school;
      data.orgs.push({ id: '__proto__', name: 'Elm' });
      data.users[3] = { ...data.users[3], school: '__proto__' };
      data.users[4] = { ...data.users[4], school: 'o9' };

      const { run, user } = await seat.fixture.sync();

      expect(new Map(Object.entries(user?.schools ?? {}))).toEqual(
        new Map([
          ['__proto__', 1],
          ['o1', 3],
        ]),
      );
      const { store } = seat.fixture.platform;
      const org = (await readRunEntityTypes(store, owner.customerId, run.runId)).get('org');
      expect(Object.keys(org?.schools ?? {}).toSorted()).toEqual(['__proto__', 'o1']);
    });
  });
}
