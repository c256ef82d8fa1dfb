import type { ResultOf } from '../../rpc/call.ts';

export type Night = ResultOf<'nightly.get.v1'>;

const states = [
  'failed',
  'partial',
  'held',
  'expired',
  'rejected',
  'queued',
  'running',
  'succeeded',
  'unchanged',
] as const;
export type RunStateName = (typeof states)[number];

/** Worst first. */
export const runStates: readonly RunStateName[] = states;

/** Pure. The states that an address names, separated by commas; undefined: all of them. */
export function statesOf(text: string | undefined): RunStateName[] | undefined {
  const named = text?.split(',') ?? [];
  const known = states.filter((state) => named.includes(state));
  return known.length === 0 ? undefined : known;
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeZone: 'UTC' });

/** Pure. A date as people say it; what is none, as it is. */
export function sayDate(night: string): string {
  const at = Date.parse(night);
  return Number.isNaN(at) ? night : format.format(at);
}

/** Pure. The date so many days later. */
export function dayBeside(night: string, days: number): string {
  const at = Date.parse(night);
  return Number.isNaN(at) ? night : new Date(at + days * 86_400_000).toISOString().slice(0, 10);
}
