import { isFailure } from '@flotilla/substrate/failure';

/** Why something was not to be had, in words for people. What was not foreseen may quote anything: it is for the log alone. */
export function sayReason(thrown: unknown): string {
  if (!isFailure(thrown)) return 'a fault of ours; its details are in the log';
  const { reason } = thrown.data;
  return typeof reason === 'string' ? `${thrown.message}: ${reason}` : thrown.message;
}
