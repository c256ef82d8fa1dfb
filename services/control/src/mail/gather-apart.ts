import type { Control } from '../control.ts';

/**
 * What is to be done for one customer. Where it fails, that is for the log, and the next round tries again: the mails of all others do not wait
 * for it. False then.
 */
export async function gatherApart(
  { log }: Pick<Control, 'log'>,
  customerId: string,
  work: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    log.error('What a customer has to be told could not be gathered', { customerId, error });
    return false;
  }
}
