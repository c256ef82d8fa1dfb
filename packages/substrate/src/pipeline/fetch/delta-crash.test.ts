import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperJournal } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while only what changed is fetched, ends as if it had not been', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    vendor: {
      ...paperJournal,
      entities: paperJournal.entities.filter(({ entityType }) => entityType !== 'demographics'),
    },
    before: [
      ({ events }) => events.push('e00'),
      ({ users, journal, events }) => {
        const renamed = { id: 'u1', given: 'Given 1', family: 'Ashby' };
        const renamedAgain = { ...renamed, family: 'Birch' };
        journal.push(
          { at: 'e01', of: 'user', id: 'u1', record: renamed },
          { at: 'e02', of: 'user', id: 'u2', record: null },
          { at: 'e03', of: 'user', id: 'u1', record: renamedAgain },
        );
        events.push('e01', 'e02', 'e03');
        users.splice(0, 2, renamedAgain);
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.user?.counts).toMatchObject({ received: 3, updated: 1, deleted: 1, unchanged: 0 });
}, 60_000);
