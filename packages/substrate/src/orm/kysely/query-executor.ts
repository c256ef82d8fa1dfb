import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';
import { Failure } from '../../failure/failure.ts';

/** Runs one compiled query and gives its rows, decoded. */
export type QueryExecutor = (query: CompiledQuery) => Promise<readonly Record<string, unknown>[]>;

/** Spanner's limit (cloud.google.com/spanner/quotas), kept on SQLite too. */
const mostParameters = 950;

/**
 * The connection that both dialects' drivers hand out: it runs queries where the database's reader or transaction says. Kysely's
 * own transactions are refused, since Kysely cannot run a body again when the database aborts.
 */
function createQueryConnection(execute: QueryExecutor): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery) {
      if (query.parameters.length > mostParameters) {
        throw new Failure(
          'too_large',
          'A query has more parameters than Spanner takes: read many rows by getMany',
          {
            data: { parameters: query.parameters.length, most: mostParameters },
          },
        );
      }
      // The row type is Kysely's claim about its own query.
      return { rows: (await execute(query)) as R[] };
    },
    streamQuery() {
      throw new Failure('internal', 'Queries are not streamed: page through with scan');
    },
  };
}

export function createQueryDriver(execute: QueryExecutor): Driver {
  const connection = createQueryConnection(execute);
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

async function refuseTransaction(): Promise<never> {
  throw new Failure(
    'internal',
    "Use Database.transaction: Kysely's own would not run the body again after an abort",
  );
}
