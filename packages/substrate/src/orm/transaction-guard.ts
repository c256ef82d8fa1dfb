import { AsyncLocalStorage } from 'node:async_hooks';
import { Failure } from '../failure/failure.ts';

/** Runs the body of a transaction or a bulk write, and refuses to do so within another one of the same database. */
export type TransactionGuard = <R>(body: () => Promise<R>) => Promise<R>;

/** Where transactions take turns, the inner one would wait for the turn that the outer one holds: for ever. */
export function createTransactionGuard(): TransactionGuard {
  const running = new AsyncLocalStorage<{ isOpen: boolean }>();
  return async (body) => {
    if (running.getStore()?.isOpen === true) {
      throw new Failure('internal', 'A transaction was begun within the body of another');
    }
    // Work that a body starts and leaves behind keeps this context: it is free once the body has ended.
    const own = { isOpen: true };
    try {
      return await running.run(own, body);
    } finally {
      own.isOpen = false;
    }
  };
}
