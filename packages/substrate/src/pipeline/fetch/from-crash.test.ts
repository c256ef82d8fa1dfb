import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperRooms } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while one list makes several entity types, ends as if it had not been', async () => {
  const { run, entityTypes, changes } = await killAtEachCommit({
    // What has nothing to do with it is left out: its commits would be tried as well.
    vendor: {
      ...paperRooms,
      entities: paperRooms.entities.filter(({ entityType }) => /class|enrollment/.test(entityType)),
    },
    before: [
      ({ rooms }) => rooms.splice(2),
      ({ rooms }) => {
        rooms[0] = { id: 'r1', name: 'Room One', members: ['u3'] };
        rooms.pop();
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.enrollment?.counts).toMatchObject({ created: 1, deleted: 4, unchanged: 0 });
  expect(changes).toHaveLength(6 + 7);
}, 60_000);
