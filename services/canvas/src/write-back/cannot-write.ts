import { Failure } from '@flotilla/substrate/failure';

/** Pure. Refuses one record: what is not possible, and what to do instead. */
export function cannotWrite(what: string, change: string): Failure {
  return new Failure('push_rejected', 'Canvas does not take this', { data: { what, change } });
}
