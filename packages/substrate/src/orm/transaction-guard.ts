import { AsyncLocalStorage } from 'node:async_hooks';
import { Failure } from '../failure/failure.ts';

/** Runs the body of a transaction or a bulk write, and refuses to do so within another one of the same database. */
export type TransactionGuard = <R>(body: () => Promise<R>) => Promise<R>;

/** Where transactions take turns, the inner one would wait for the turn that the outer one holds: for ever. */
export function createTransactionGuard(): TransactionGuard {
  const inBody = new AsyncLocalStorage<true>();
  return async (body) => {
    if (inBody.getStore() === true)
      throw new Failure('internal', 'A transaction was begun within the body of another');
    return inBody.run(true, body);
  };
}
