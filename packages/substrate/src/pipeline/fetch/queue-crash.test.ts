import { expect, test } from 'vitest';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperQueue } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while it reads a queue away and fetches what that names, ends as if it had not been', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    vendor: {
      ...paperQueue,
      entities: paperQueue.entities.filter(({ entityType }) => entityType !== 'demographics'),
    },
    before: [
      () => undefined,
      ({ orgs, users, queue }) => {
        users.splice(0, 2, { id: 'u1', given: 'Given 1', family: 'Ashby' });
        orgs.push({ id: 'o2', name: 'Elm' });
        queue.push(
          { number: 1, of: 'user', id: 'u1', op: 'put' },
          { number: 2, of: 'org', id: 'o2', op: 'put', record: { id: 'o2', name: 'Elm' } },
          { number: 3, of: 'user', id: 'u2', op: 'gone' },
        );
      },
    ],
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.org?.counts).toMatchObject({ received: 1, created: 1 });
  expect(entityTypes.user?.counts).toMatchObject({ received: 2, updated: 1, deleted: 1, unchanged: 0 });
}, 60_000);
