import type { Database, Reader } from './database.ts';
import type { Schema } from './table.ts';

/**
 * A database that is opened when it is first used, so that a process listens before it has loaded a client. What opening fails with is what the
 * use fails with, and the next use tries again.
 */
export function createLazyDatabase<S extends Schema>(open: () => Promise<Database<S>>): Database<S> {
  let opening: Promise<Database<S>> | undefined;

  function opened(): Promise<Database<S>> {
    if (opening === undefined) {
      // What is thrown at once is a rejection as well.
      const attempt = Promise.resolve().then(open);
      opening = attempt;
      attempt.catch(() => {
        opening = undefined;
      });
    }
    return opening;
  }

  async function close(): Promise<void> {
    await (await opening)?.close();
  }

  return createLazy(opened, close);
}

function createLazy<S extends Schema>(
  opened: () => Promise<Database<S>>,
  close: () => Promise<void>,
): Database<S> {
  return {
    ...createLazyReader(opened),
    at: (bound) => createLazyReader(async () => (await opened()).at(bound)),
    transaction: async (body) => (await opened()).transaction(body),
    write: async (mutations, options) => (await opened()).write(mutations, options),
    deleteExpired: async (now) => (await opened()).deleteExpired(now),
    withCipher: (cipher) => createLazy(async () => (await opened()).withCipher(cipher), close),
    migrate: async (migrations) => (await opened()).migrate(migrations),
    close,
  };
}

function createLazyReader<S extends Schema>(opened: () => Promise<Reader<S>>): Reader<S> {
  return {
    get: async (...asked) => (await opened()).get(...asked),
    getMany: async (...asked) => (await opened()).getMany(...asked),
    scanMany: async (...asked) => (await opened()).scanMany(...asked),
    scan: async (...asked) => (await opened()).scan(...asked),
    query: async (build) => (await opened()).query(build),
  };
}
