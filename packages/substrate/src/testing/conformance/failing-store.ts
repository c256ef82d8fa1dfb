import { Failure } from '../../failure/failure.ts';
import type { Store } from '../../store/schema.ts';

/** A store whose n-th transaction fails, with or without having taken effect: what a killed process leaves behind. */
export function failingAt(store: Store, number: number, moment: 'before' | 'after') {
  let count = 0;
  let hasStruck = false;
  const failing: Store = {
    ...store,
    async transaction(body) {
      count += 1;
      if (hasStruck) throw killed();
      if (count !== number) return await store.transaction(body);
      hasStruck = true;
      if (moment === 'after') await store.transaction(body);
      throw killed();
    },
  };
  return { store: failing, hasStruck: () => hasStruck };
}

function killed(): Failure {
  return new Failure('unavailable', 'Killed by the test');
}
