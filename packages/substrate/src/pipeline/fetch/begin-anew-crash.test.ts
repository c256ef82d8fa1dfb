import { expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { killAtEachCommit } from '../kill-at-commits.fixture.ts';
import { paperSchool } from '../paper-school.fixture.ts';

test('a process that is killed at any commit, while a list is begun anew, ends as if it had not been', async () => {
  const { run, entityTypes } = await killAtEachCommit({
    vendor: {
      ...paperSchool,
      entities: paperSchool.entities.filter(({ entityType }) => entityType === 'user'),
    },
    before: [() => undefined, ({ users }) => users.splice(1, 1)],
    // Each cursor of the last night is forgotten the first time that it is used.
    openClient: (openClient) => {
      const forgotten = new Set<string>();
      return (options) => {
        const client = openClient(options);
        return {
          ...client,
          async fetchPage(request) {
            const cursor = JSON.stringify(request.cursor);
            if (request.cursor === null || forgotten.has(cursor)) return await client.fetchPage(request);
            forgotten.add(cursor);
            throw new Failure('cursor_expired', 'Forgotten');
          },
        };
      };
    },
  });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.user?.counts).toMatchObject({ received: 4, unchanged: 4, deleted: 1 });
}, 60_000);
