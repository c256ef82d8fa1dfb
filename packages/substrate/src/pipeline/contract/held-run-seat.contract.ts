import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { listPlannedChanges } from '../../store/planned-changes.ts';
import { owner } from '../pipeline.fixture.ts';
import { decideRun } from '../run/decide-run.ts';
import { openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** Nobody may lose more than one user in a night. */
export const limits: ChosenSettings['limits'] = { toOurs: { delete: { percent: 0, floor: 1 } } };

/** What the tests of held runs have in common. */
export function openHeldRunSeat(seat: PipelineSeat) {
  const book = openGradebookSeat(seat);
  const { customerId } = owner;
  let clock: ManualClock;

  async function begin(settings: ChosenSettings = { limits }): Promise<void> {
    clock = createManualClock();
    await book.begin(settings, { clock });
    await clock.advance(1_000);
  }

  const users = () => seat.fixture.school.data.users;

  /** On both sides: the vendor deletes two users, changes one and makes one; we change one. */
  async function changeMuch(): Promise<void> {
    users().splice(0, 2);
    Object.assign(users()[0] as object, { family: 'Ashby' });
    users().push({ id: 'u9', given: 'New', family: 'Comer' });
    await book.edit('user', 'u4', { familyName: 'Elmwood' });
    seat.fixture.school.clearRequests();
  }

  async function planned(runId: string) {
    const rows = await listPlannedChanges(
      seat.fixture.platform.store,
      { customerId, runId },
      undefined,
      1_000,
    );
    return rows.map(({ recordId, toOursAction, toTheirsAction }) => [recordId, toOursAction, toTheirsAction]);
  }

  function decide(runId: string, decision: 'approved' | 'rejected', by = 'head@oak') {
    return decideRun(seat.fixture.worker, { customerId, runId, decision, by });
  }

  async function goOn(runId: string) {
    while ((await seat.fixture.deliver(runId)) !== 'finished');
    return await seat.fixture.outcome(runId);
  }

  async function storedIds(): Promise<readonly string[]> {
    return (await seat.storedUsers()).filter(({ value }) => value !== null).map(({ recordId }) => recordId);
  }

  /** A run of one record, as an edit starts it. */
  function touchOne() {
    return seat.fixture.sync({}, { entityTypes: ['user'], recordIds: ['u5'], context: 'realtime' });
  }

  return { book, begin, users, changeMuch, planned, decide, goOn, storedIds, touchOne, clock: () => clock };
}
