/** Lets one holder through at a time, in the order of asking. */
export interface Turnstile {
  /** Resolves when it is the caller's turn, to the function that ends the turn (calling it again has no effect). */
  enter(): Promise<() => void>;
}

export function createTurnstile(): Turnstile {
  let last: Promise<void> = Promise.resolve();
  return {
    async enter() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      return resolve;
    },
  };
}
