import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperRooms } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while one list makes several entity types, ends as if it had not been', async () => {
  const { run, entityTypes, changes } = await killAtEachCommit({
    vendor: paperRooms,
    before: [
      () => undefined,
      ({ rooms }) => {
        rooms[0] = { id: 'r1', name: 'Room One', members: ['u5'] };
        rooms.pop();
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.enrollment?.counts).toMatchObject({ created: 1, deleted: 4, unchanged: 2 });
  expect(changes).toHaveLength(15 + 7);
}, 60_000);
