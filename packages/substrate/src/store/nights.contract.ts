import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../orm/database.ts';
import { listCustomers, putCustomer, readCustomer, readCustomers } from './customers.ts';
import {
  deleteOmission,
  listNights,
  listOmissions,
  type Night,
  type Omission,
  putNight,
  putOmission,
  readNight,
  readOmission,
} from './nights.ts';
import type { StoreSchema } from './schema.ts';

const schedule = {
  cron: '30 2 * * 1-5',
  jitterMinutes: 45,
  blackoutDates: ['2026-11-26', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }],
};

/** What customers' schedules, nights and their omissions promise on any database; it is empty and has the store's tables. */
export function describeNights(
  adapter: string,
  open: () => Promise<{ readonly store: Database<StoreSchema>; readonly close: () => Promise<void> }>,
): void {
  describe(`schedules and nights on ${adapter}`, () => {
    let stage: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());

    test("a customer's schedule is read as it was put, stays where it is left out, and goes for null", async () => {
      const { store } = stage;
      const put = (changes: object, isNew: boolean) =>
        store.transaction(async (transaction) =>
          putCustomer(transaction, { customerId: 'a', name: 'A', timeZone: 'UTC', ...changes }, isNew),
        );

      await put({ schedule }, true);
      expect((await readCustomer(store, 'a'))?.schedule).toEqual(schedule);
      await put({ name: 'B' }, false);
      expect(await readCustomer(store, 'a')).toMatchObject({ name: 'B', schedule });
      await put({ schedule: null }, false);
      expect((await readCustomer(store, 'a'))?.schedule).toBeNull();
      await store.transaction(async (transaction) =>
        putCustomer(transaction, { customerId: 'b', name: 'B', timeZone: 'UTC' }, true),
      );
      expect((await listCustomers(store, 'a', 10)).map((row) => row.schedule)).toEqual([null]);
      expect([...(await readCustomers(store, ['b', 'a', 'nobody', 'b'])).keys()].toSorted()).toEqual([
        'a',
        'b',
      ]);
    });

    test('nights are listed latest first, as they were put last', async () => {
      const { store } = stage;
      const night = (date: string, changes: Partial<Night> = {}): Night => ({
        night: date,
        state: 'queued',
        wanted: ['due'],
        runs: 0,
        requestedAt: `${date}T12:00:00.000Z`,
        startedAt: null,
        plannedUntil: null,
        ...changes,
      });
      const last = night('2026-01-02', { wanted: ['date', 'due'], plannedUntil: '2026-01-03T14:00:00.000Z' });
      for (const each of [night('2026-01-01'), night('2026-01-02'), night('2025-12-31'), last]) {
        await store.transaction(async (transaction) => putNight(transaction, each));
      }

      expect(await readNight(store, '2026-01-02')).toEqual(last);
      expect((await listNights(store, 2)).map((row) => row.night)).toEqual(['2026-01-02', '2026-01-01']);
    });

    test('omissions of a night are listed once each, a page at a time, and only those of the night', async () => {
      const { store } = stage;
      const omission = (customerId: string, night: string, occurrence: string): Omission => ({
        customerId,
        integrationId: 'sis',
        night,
        occurrence,
        reason: 'blackout',
        note: 'Winter break',
        notedAt: '2026-01-01T12:00:00.000Z',
      });
      const ofNight = [
        omission('a', '2026-01-02', ''),
        omission('a', '2026-01-02', '2026-01-02T02:00:00.000Z'),
        omission('a', '2026-01-02', '2026-01-02T14:00:00.000Z'),
        omission('b', '2026-01-02', ''),
      ];
      const others = [omission('a', '2026-01-01', ''), omission('b', '2026-01-03', '')];
      await store.transaction(async (transaction) => {
        for (const each of [...ofNight, ...others]) putOmission(transaction, each);
      });

      const seen: Omission[] = [];
      for (let page = await listOmissions(store, '2026-01-02', undefined, 2); page.length > 0; ) {
        seen.push(...page);
        page = await listOmissions(store, '2026-01-02', page.at(-1), 2);
      }
      expect(seen).toEqual(ofNight);

      const [first] = ofNight;
      if (first === undefined) throw new Error('none');
      expect(await readOmission(store, first)).toEqual(first);
      await store.transaction(async (transaction) => deleteOmission(transaction, first));
      expect(await readOmission(store, first)).toBeUndefined();
      expect(await listOmissions(store, '2026-01-02', undefined, 10)).toHaveLength(3);
    });
  });
}
