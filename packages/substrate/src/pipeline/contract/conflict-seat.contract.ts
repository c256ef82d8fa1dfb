import { expect } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { putConflicts } from '../../store/conflicts.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { paperGradebook } from '../paper-school.fixture.ts';
import { baseOf } from '../plan/merge-staged.ts';
import { openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

export type Choice = 'ours' | 'theirs' | { readonly value: JsonValue };

/** What the tests of conflicts have in common. */
export function openConflictSeat(seat: PipelineSeat) {
  const book = openGradebookSeat(seat);
  let clock: ManualClock;

  async function begin(settings: ChosenSettings = {}, vendor: Vendor = paperGradebook): Promise<void> {
    clock = createManualClock();
    await book.begin(settings, { clock, vendor });
  }

  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);

  function theyChange(id: string, members: JsonObject): void {
    Object.assign(theirUser(id) as object, members);
  }

  /** A run, some time after what happened before. */
  async function night() {
    await clock.advance(1_000);
    return await seat.fixture.sync();
  }

  /** Both sides call u1 by another family name. */
  async function clash(): Promise<void> {
    theyChange('u1', { family: 'Ashby' });
    await book.edit('user', 'u1', { familyName: 'Rowan' });
  }

  /** The field in our store, in base, and at the vendor. */
  async function threeSides(id = 'u1') {
    const row = (await book.ours('user'))[id];
    return [row?.value?.familyName, baseOf(row)?.familyName, theirUser(id)?.family];
  }

  async function conflictStates(): Promise<readonly (readonly [string, string])[]> {
    const rows = await book.conflicts();
    return rows
      .map(({ pointer, state }) => [pointer, state] as const)
      .toSorted((a, b) => a.join(' ').localeCompare(b.join(' ')));
  }

  /** Somebody decides on the open conflicts, or those of them with this pointer. */
  async function decide(choice: Choice, pointer?: string): Promise<void> {
    const decision = {
      choice,
      reason: null,
      decidedBy: 'head@oak',
      decidedAt: new Date(clock.now()).toISOString(),
    };
    const open = (await book.conflicts()).filter(
      (row) => row.state === 'open' && (pointer === undefined || row.pointer === pointer),
    );
    expect(open).not.toEqual([]);
    const decided = open.map((row) => ({ ...row, state: 'decided', decision, version: row.version + 1 }));
    await seat.fixture.platform.store.transaction(async (transaction) => putConflicts(transaction, decided));
  }

  return {
    book,
    begin,
    data,
    theirUser,
    theyChange,
    night,
    clash,
    threeSides,
    conflictStates,
    decide,
    clock: () => clock,
  };
}
