import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperCellars, paperChairs, paperSeats } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while each parent has a list, ends as if it had not been', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    // What has nothing to do with it is left out: its commits would be tried as well.
    vendor: {
      ...paperSeats,
      entities: paperSeats.entities.filter(({ entityType }) => /class|enrollment/.test(entityType)),
    },
    before: [
      () => undefined,
      ({ rooms }) => {
        rooms[0] = { id: 'r1', name: 'Room 1', members: ['u1', 'u3'] };
        rooms.pop();
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.enrollment?.counts).toMatchObject({ created: 1, deleted: 3, unchanged: 3 });
}, 60_000);

test('nor does a kill show where each parent has several lists', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    vendor: {
      ...paperChairs,
      entities: paperChairs.entities.filter(({ entityType }) => /class|enrollment/.test(entityType)),
    },
    before: [
      ({ rooms }) => {
        rooms[0] = { id: 'r1', name: 'Room 1', members: ['u1'], guests: ['u2', 'u3', 'u4'] };
        rooms.pop();
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.enrollment?.counts).toMatchObject({ created: 6 });
}, 60_000);

test('nor where some of the parents have no list, be they stored or new', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    vendor: {
      ...paperCellars,
      entities: paperCellars.entities.filter(({ entityType }) => /class|enrollment/.test(entityType)),
    },
    before: [
      ({ rooms }) => {
        rooms[0] = { id: 'r1', name: 'Cellar', members: ['u1'] };
      },
      ({ rooms }) => {
        rooms[1] = { id: 'r2', name: 'Cellar', members: ['u2'] };
        rooms.push(
          { id: 'r4', name: 'Cellar', members: ['u4'] },
          { id: 'r5', name: 'Room 5', members: ['u5'] },
        );
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.enrollment?.counts).toMatchObject({ created: 1, deleted: 2, unchanged: 2 });
}, 60_000);
