import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperBadges } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while another list says more of the records, ends as if it had not been', async () => {
  const { run, entityTypes, joined } = await killAtEachCommit({
    // What has nothing to do with it is left out: its commits would be tried as well.
    vendor: {
      ...paperBadges,
      entities: paperBadges.entities.filter(({ entityType }) => entityType === 'user'),
    },
    before: [
      (data) => {
        data.users.splice(3);
        data.badges = [1, 2, 3].map((n) => ({ id: `b${n}`, user: `u${n}`, number: `${n}` }));
      },
      (data) => {
        data.badges = [
          { id: 'b2', user: 'u2', number: 22 },
          { id: 'b3', user: 'u1', number: '33' },
          { id: 'b4', user: 'u3', number: '4' },
        ];
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.user?.counts).toMatchObject({ updated: 2, unchanged: 1, quarantined: 1 });
  expect(joined.map(({ key, id }) => `${key} ${id}`)).toEqual(['u1 b3', 'u2 b2', 'u3 b4']);
}, 60_000);
