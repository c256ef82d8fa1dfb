import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../json/json-value.ts';
import { type Strategy, strategies } from '../../merge/strategy.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { paperGradebook } from '../paper-school.fixture.ts';
import { openConflictSeat } from './conflict-seat.contract.ts';
import { user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of fields that both sides changed differently. */
export function describeConflicts(seat: PipelineSeat): void {
  const { book, begin, data, theyChange, night, clash, threeSides, conflictStates, decide } =
    openConflictSeat(seat);

  describe('a conflict', () => {
    test('is found with its three sides and its rule, its record is held, and all others go on', async () => {
      await begin();
      await clash();
      theyChange('u1', { given: 'Una' });
      theyChange('u2', { family: 'Birch' });
      await book.edit('user', 'u3', { familyName: 'Cedar' });
      const before = (await book.ours('user')).u1;

      const { run, user: counted } = await night();

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ conflicted: 1, updated: 1, pushUpdated: 1 });
      const [conflict] = await book.conflicts();
      expect(conflict).toMatchObject({
        entityType: 'user',
        recordId: 'u1',
        pointer: '/familyName',
        kind: 'modify/modify',
        sides: { base: 'Oakley', ours: 'Rowan', theirs: 'Ashby' },
        rule: 'manual (default)',
        state: 'open',
        runId: run.runId,
        version: 1,
      });
      // Held whole: not even the given name came, which only they changed.
      const after = (await book.ours('user')).u1;
      expect(after).toMatchObject({ value: before?.value, version: before?.version, openConflicts: 1 });
      expect(await threeSides()).toEqual(['Rowan', 'Oakley', 'Ashby']);
      expect(await threeSides('u2')).toEqual(['Birch', 'Birch', 'Birch']);
      expect(await threeSides('u3')).toEqual(['Cedar', 'Cedar', 'Cedar']);
    });

    test('is the same row in the nights after, and costs no write', async () => {
      await begin();
      await clash();
      await night();
      const [first, row] = [await book.conflicts(), await book.ours('user')];

      const { user: counted } = await night();

      expect(counted?.counts).toMatchObject({ conflicted: 1, updated: 0 });
      expect(await book.conflicts()).toEqual(first);
      expect(await book.ours('user')).toEqual(row);
    });

    test('is another one when a side changes again, and the old one is obsolete', async () => {
      await begin();
      await clash();
      await night();
      theyChange('u1', { family: 'Elder' });

      const { run } = await night();

      expect(await conflictStates()).toEqual([
        ['/familyName', 'obsolete'],
        ['/familyName', 'open'],
      ]);
      const old = (await book.conflicts()).find(({ state }) => state === 'obsolete');
      expect(old).toMatchObject({ openSince: null, endedByRunId: run.runId });
    });

    test.each<[string, ChosenSettings]>([
      ['that go both ways', {}],
      ['that are only read', { writeBack: [] }],
    ])('of records %s is over when the vendor takes its change back', async (_name, settings) => {
      await begin(settings);
      await clash();
      await night();
      theyChange('u1', { family: 'Oakley', given: 'Una' });
      await night();
      theyChange('u1', { given: 'Given 1' });

      const { user: counted } = await night();

      expect(counted?.counts).toMatchObject({ conflicted: 0 });
      expect(await conflictStates()).toEqual([['/familyName', 'obsolete']]);
      const { u1 } = await book.ours('user');
      expect(u1).toMatchObject({ value: { familyName: 'Rowan', givenName: 'Given 1' }, openConflicts: 0 });
    });

    test('that is over from one night to the next is seen to be, where nothing is written back', async () => {
      await begin({ writeBack: [] });
      await clash();
      await night();
      theyChange('u1', { family: 'Oakley' });

      await night();

      expect(await conflictStates()).toEqual([['/familyName', 'obsolete']]);
      expect((await book.ours('user')).u1?.openConflicts).toBe(0);
    });

    test('is over when both sides come to agree', async () => {
      await begin();
      await clash();
      await night();
      await book.edit('user', 'u1', { familyName: 'Ashby' });

      const { user: counted } = await night();

      expect(counted?.counts).toMatchObject({ conflicted: 0, agreed: 1 });
      expect(await conflictStates()).toEqual([['/familyName', 'obsolete']]);
      expect(await threeSides()).toEqual(['Ashby', 'Ashby', 'Ashby']);
    });

    test('is over when both sides delete the record', async () => {
      await begin();
      await clash();
      await night();
      await book.remove('user', 'u1');
      data().users.shift();

      await night();

      expect(await conflictStates()).toEqual([['/familyName', 'obsolete']]);
      expect((await book.ours('user')).u1).toBeUndefined();
    });
  });

  describe('a strategy', () => {
    /** Where it can be chosen; each time against another choice further out. */
    const levels: Readonly<Record<string, (strategy: Strategy) => ChosenSettings>> = {
      'for all': (strategy) => ({ merge: { default: strategy } }),
      'for the entity type': (strategy) => ({
        merge: { default: other(strategy) },
        entityTypes: { user: { merge: { default: strategy } } },
      }),
      'for the field': (strategy) => ({
        entityTypes: { user: { merge: { default: other(strategy), fields: { '/familyName': strategy } } } },
      }),
      'for the record': (strategy) => ({
        merge: { fields: { '/familyName': other(strategy) } },
        entityTypes: { user: { merge: { default: other(strategy), records: { u1: strategy } } } },
      }),
    };
    const outcomes: Readonly<Record<Strategy, readonly unknown[]>> = {
      manual: ['Rowan', 'Oakley', 'Ashby'],
      resolveOurs: ['Rowan', 'Rowan', 'Rowan'],
      resolveTheirs: ['Ashby', 'Ashby', 'Ashby'],
      alwaysOurs: ['Rowan', 'Rowan', 'Rowan'],
      alwaysTheirs: ['Ashby', 'Ashby', 'Ashby'],
    };

    test.each(
      Object.keys(levels).flatMap((level) => strategies.map((strategy) => [strategy, level] as const)),
    )('%s %s settles what both sides changed', async (strategy, level) => {
      await begin(levels[level]?.(strategy));
      await clash();

      await night();

      expect(await threeSides()).toEqual(outcomes[strategy]);
      expect(await conflictStates()).toEqual(strategy === 'manual' ? [['/familyName', 'open']] : []);
      expect((await night()).user?.counts).toMatchObject({ updated: 0, pushUpdated: 0 });
    });

    test.each([
      ['resolveOurs', ['Ashby', 'Ashby', 'Ashby']],
      ['alwaysOurs', ['Oakley', 'Oakley', 'Oakley']],
    ] as const)('%s meets what only the vendor changed as its name says', async (strategy, sides) => {
      await begin({ merge: { default: strategy } });
      theyChange('u1', { family: 'Ashby' });
      await night();
      expect(await threeSides()).toEqual(sides);
    });

    test('that is chosen later settles what waited for a person', async () => {
      await begin();
      await clash();
      await night();
      await seat.fixture.choose({ writeBack: ['user'], merge: { default: 'resolveOurs' } });

      await night();

      expect(await threeSides()).toEqual(['Rowan', 'Rowan', 'Rowan']);
      expect(await conflictStates()).toEqual([['/familyName', 'obsolete']]);
    });
  });

  test('a record that both sides made differently under one id is a conflict of its fields', async () => {
    await begin();
    await book.edit('user', 'n1', user);
    data().users.push({ id: 'n1', given: 'New', family: 'Arrival' });
    await night();
    expect(await book.conflicts()).toMatchObject([
      {
        recordId: 'n1',
        pointer: '/familyName',
        kind: 'add/add',
        sides: { ours: 'Comer', theirs: 'Arrival' },
      },
    ]);
    await decide('theirs');

    await night();

    expect(await threeSides('n1')).toEqual(['Arrival', 'Arrival', 'Arrival']);
  });

  describe('a list', () => {
    const base = [
      { type: 'sis', identifier: '1' },
      { type: 'lms', identifier: '2' },
    ];

    /** Paper School whose users have ids in other systems. */
    const vendor: Vendor = {
      ...paperGradebook,
      entities: paperGradebook.entities.map((entity) =>
        entity.entityType === 'user'
          ? {
              ...entity,
              wire: z.looseObject({ id: z.string() }),
              read: (raw) => readWithIds(raw as JsonObject),
            }
          : entity,
      ),
    };

    function readWithIds({ id, given, family, ids }: JsonObject) {
      const value = { ...user, givenName: given, familyName: family, userIds: ids ?? base };
      return [{ id: id as string, value: value as never }];
    }

    async function clashInList(settings: ChosenSettings): Promise<void> {
      await begin(settings, vendor);
      theyChange('u1', {
        ids: [
          { type: 'sis', identifier: '1' },
          { type: 'lms', identifier: '20' },
        ],
      });
      await book.edit('user', 'u1', {
        userIds: [
          { type: 'sis', identifier: '10' },
          { type: 'lms', identifier: '2' },
        ],
      });
      await night();
    }

    const keyed: ChosenSettings = {
      writeBack: [],
      entityTypes: { user: { merge: { lists: { '/userIds': { key: ['type'] } } } } },
    };

    test('that both sides changed is one conflict where it has no key', async () => {
      await clashInList({ writeBack: [] });
      expect(await conflictStates()).toEqual([['/userIds', 'open']]);
    });

    test('with a key merges element by element', async () => {
      await clashInList(keyed);
      expect(await conflictStates()).toEqual([]);
      expect((await book.ours('user')).u1?.value?.userIds).toEqual([
        { type: 'sis', identifier: '10' },
        { type: 'lms', identifier: '20' },
      ]);
    });

    test('with a key names the element in a conflict, and a decision finds it again', async () => {
      await clashInList(keyed);
      await book.edit('user', 'u1', { userIds: [{ type: 'lms', identifier: '21' }] });
      theyChange('u1', {
        ids: [
          { type: 'sis', identifier: '11' },
          { type: 'lms', identifier: '22' },
        ],
      });
      await night();
      expect(await conflictStates()).toEqual([
        ['/userIds/lms/identifier', 'open'],
        ['/userIds/sis', 'open'],
      ]);
      await decide('ours', '/userIds/lms/identifier');
      await decide('theirs', '/userIds/sis');

      await night();

      expect((await book.ours('user')).u1?.value?.userIds).toEqual(
        expect.arrayContaining([
          { type: 'sis', identifier: '11' },
          { type: 'lms', identifier: '21' },
        ]),
      );
    });
  });
}

/** A choice that would end otherwise. */
function other(strategy: Strategy): Strategy {
  return strategy.endsWith('Ours') ? 'alwaysTheirs' : 'alwaysOurs';
}
