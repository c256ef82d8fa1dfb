import { parseSimpleCron, type SimpleCron, toCron } from '../../parts/say-cron.ts';
import type { ResultOf } from '../../rpc/call.ts';

export type Customer = ResultOf<'customers.get.v1'>;
export type Schedule = NonNullable<Customer['schedule']>;

/** A blackout as it is being entered; `to` and `note` may be empty. */
export interface BlackoutDraft {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly note: string;
}

/** A schedule as it is being entered. */
export interface ScheduleDraft {
  /** With the fleet's own night, on a simple line, or on one that a person writes. */
  readonly kind: 'fleet' | 'simple' | 'cron';
  readonly simple: SimpleCron;
  readonly cron: string;
  readonly jitterMinutes: string;
  readonly blackouts: readonly BlackoutDraft[];
  readonly timeZone: string;
}

const usual: SimpleCron = { time: '02:30', days: '*' };

/** Pure. */
export function toDraft({ schedule, timeZone }: Pick<Customer, 'schedule' | 'timeZone'>): ScheduleDraft {
  const simple = schedule === null ? undefined : parseSimpleCron(schedule.cron);
  return {
    kind: schedule === null ? 'fleet' : simple === undefined ? 'cron' : 'simple',
    simple: simple ?? usual,
    cron: schedule?.cron ?? toCron(usual),
    jitterMinutes: String(schedule?.jitterMinutes ?? 0),
    blackouts: (schedule?.blackoutDates ?? []).map((entry, id) => ({
      id,
      ...(typeof entry === 'string'
        ? { from: entry, to: '', note: '' }
        : { from: entry.from, to: entry.to ?? '', note: entry.note ?? '' }),
    })),
    timeZone,
  };
}

/** Pure. As control takes it; null: none, the fleet's own night. A date that is still empty is left out. */
export function toSchedule({ kind, simple, cron, jitterMinutes, blackouts }: ScheduleDraft): Schedule | null {
  if (kind === 'fleet') return null;
  return {
    cron: kind === 'simple' ? toCron(simple) : cron,
    jitterMinutes: Number(jitterMinutes),
    blackoutDates: blackouts.filter(({ from }) => from !== '').map(toEntry),
  };
}

function toEntry({ from, to, note }: BlackoutDraft): Schedule['blackoutDates'][number] {
  if (to === '' && note.trim() === '') return from;
  return { from, ...(to === '' ? {} : { to }), ...(note.trim() === '' ? {} : { note: note.trim() }) };
}
