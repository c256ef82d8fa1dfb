import { describe, expect, test } from 'vitest';
import { type Choice, openConflictSeat } from './conflict-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of conflicts that somebody decides, and of records that one side deleted. */
export function describeDecisions(seat: PipelineSeat): void {
  const {
    book,
    begin,
    data,
    theirUser,
    theyChange,
    night,
    clash,
    threeSides,
    conflictStates,
    decide,
    clock,
  } = openConflictSeat(seat);

  describe('a decision', () => {
    test.each<[string, Choice, string]>([
      ['ours', 'ours', 'Rowan'],
      ['theirs', 'theirs', 'Ashby'],
      ['a value', { value: 'Ashby-Rowan' }, 'Ashby-Rowan'],
    ])(
      'for %s takes effect in the next merge, on both sides, with all that waited beside it',
      async (_name, choice, family) => {
        await begin();
        await clash();
        theyChange('u1', { given: 'Una' });
        await night();
        await decide(choice);
        expect(await threeSides()).toEqual(['Rowan', 'Oakley', 'Ashby']);

        const { run, user: counted } = await night();

        expect(run.state).toBe('succeeded');
        expect(counted?.counts).toMatchObject({ conflicted: 0, pushFailed: 0 });
        expect(await threeSides()).toEqual([family, family, family]);
        const { u1 } = await book.ours('user');
        expect(u1).toMatchObject({ value: { givenName: 'Una' }, openConflicts: 0, editedAt: null });
        const [conflict] = await book.conflicts();
        expect(conflict).toMatchObject({ state: 'resolved', openSince: null, endedByRunId: run.runId });
        expect((await night()).user?.counts).toMatchObject({ updated: 0, pushUpdated: 0, conflicted: 0 });
      },
    );

    test.each<[string, Choice, readonly string[]]>([
      ['ours', 'ours', ['Rowan', 'Ashby', 'Ashby']],
      ['theirs', 'theirs', ['Ashby', 'Ashby', 'Ashby']],
      ['a value', { value: 'Ashby-Rowan' }, ['Ashby-Rowan', 'Ashby', 'Ashby']],
    ])(
      'for %s moves only our side of a record that is not written back, for good',
      async (_name, choice, sides) => {
        await begin({ writeBack: [] });
        await clash();
        await night();
        await decide(choice);

        await night();
        expect(await threeSides()).toEqual(sides);
        expect(await conflictStates()).toEqual([['/familyName', 'resolved']]);

        await night();
        expect(await threeSides()).toEqual(sides);
        expect(await conflictStates()).toEqual([['/familyName', 'resolved']]);
      },
    );

    test.each([
      [
        'the vendor',
        () => Promise.resolve(theyChange('u1', { family: 'Elder' })),
        ['Rowan', 'Oakley', 'Elder'],
      ],
      ['we', () => book.edit('user', 'u1', { familyName: 'Linden' }), ['Linden', 'Oakley', 'Ashby']],
    ] as const)(
      'that %s overtook with another change is not applied: the new conflict waits instead',
      async (_name, change, sides) => {
        await begin();
        await clash();
        await night();
        await decide('theirs');
        await change();

        const { user: counted } = await night();

        expect(counted?.counts).toMatchObject({ conflicted: 1, updated: 0, pushUpdated: 0 });
        expect(await threeSides()).toEqual(sides);
        expect(await conflictStates()).toEqual([
          ['/familyName', 'obsolete'],
          ['/familyName', 'open'],
        ]);
      },
    );

    test('on one of two fields of a record waits for that on the other, and then both take effect', async () => {
      await begin();
      await clash();
      theyChange('u1', { given: 'Una' });
      await book.edit('user', 'u1', { givenName: 'Ulla' });
      await night();
      expect((await book.ours('user')).u1?.openConflicts).toBe(2);
      await decide('ours', '/familyName');

      const { user: first } = await night();

      expect(first?.counts).toMatchObject({ conflicted: 1, updated: 0, pushUpdated: 0 });
      expect(await conflictStates()).toEqual([
        ['/familyName', 'decided'],
        ['/givenName', 'open'],
      ]);
      expect((await book.ours('user')).u1?.openConflicts).toBe(2);
      await decide('theirs', '/givenName');

      await night();

      expect(await conflictStates()).toEqual([
        ['/familyName', 'resolved'],
        ['/givenName', 'resolved'],
      ]);
      const { u1 } = await book.ours('user');
      expect(u1?.value).toMatchObject({ familyName: 'Rowan', givenName: 'Una' });
      expect(theirUser('u1')).toMatchObject({ family: 'Rowan', given: 'Una' });
    });

    test('takes effect in a run of that one record too', async () => {
      await begin();
      await clash();
      await night();
      await decide('ours');
      await clock().advance(1_000);

      const { run } = await seat.fixture.sync(
        {},
        { entityTypes: ['user'], recordIds: ['u1'], context: 'realtime' },
      );

      expect(run.state).toBe('succeeded');
      expect(await threeSides()).toEqual(['Rowan', 'Rowan', 'Rowan']);
      expect(await conflictStates()).toEqual([['/familyName', 'resolved']]);
    });

    test('on a difference that comes again in the very same way is asked for again', async () => {
      await begin();
      await clash();
      await night();
      await decide('theirs');
      await night();
      theyChange('u1', { family: 'Oakley' });
      await night();
      await clash();

      await night();

      const [conflict] = await book.conflicts();
      expect(await conflictStates()).toEqual([['/familyName', 'open']]);
      expect(conflict).toMatchObject({ decision: null, endedAt: null, endedByRunId: null });
    });
  });

  describe('a record that one side deleted and the other changed', () => {
    async function theyDelete(): Promise<void> {
      data().users.shift();
      await book.edit('user', 'u1', { familyName: 'Rowan' });
      await night();
    }

    async function weDelete(): Promise<void> {
      await book.remove('user', 'u1');
      theyChange('u1', { family: 'Ashby' });
      await night();
    }

    test('is one conflict about the whole of it, whichever side deleted', async () => {
      for (const [happen, sides] of [
        [theyDelete, { base: expect.anything(), ours: expect.anything() }],
        [weDelete, { base: expect.anything(), theirs: expect.anything() }],
      ] as const) {
        await begin();
        await happen();
        const [conflict, ...others] = await book.conflicts();
        expect(others).toEqual([]);
        expect(conflict).toMatchObject({ pointer: '', kind: 'delete/modify', state: 'open' });
        expect(conflict?.sides).toEqual(sides);
      }
    });

    test.each<[string, () => Promise<void>, Choice, string | undefined]>([
      ['they deleted, and ours holds: it comes back there', theyDelete, 'ours', 'Rowan'],
      ['they deleted, and theirs holds: it goes here', theyDelete, 'theirs', undefined],
      ['we deleted, and ours holds: it goes there', weDelete, 'ours', undefined],
      ['we deleted, and theirs holds: it comes back here', weDelete, 'theirs', 'Ashby'],
    ])('that %s', async (_name, happen, choice, family) => {
      await begin();
      await happen();
      await decide(choice);

      const { run } = await night();

      expect(run.state).toBe('succeeded');
      expect(await threeSides()).toEqual([family, family, family]);
      expect(await conflictStates()).toEqual([['', 'resolved']]);
      expect((await night()).user?.counts).toMatchObject({
        created: 0,
        updated: 0,
        deleted: 0,
        conflicted: 0,
      });
    });
  });
}
