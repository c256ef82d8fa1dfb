import { expect, test } from 'vitest';
import type { JsonValue } from '../../json/json-value.ts';
import type { RunOutcome, VendorStage } from '../vendor-stage.ts';
import { breakRecord, objectsIn } from './specimen.ts';
import type { Suite } from './suite.ts';
import { tamperRecords } from './wire-tap.ts';

/** How a list is cut into pages, and what a vendor gets wrong about it. */
export function describePaging(suite: Suite): void {
  const { vendor, subject, open } = suite;
  const { entityType } = subject;
  const only = { entityTypes: [entityType] };
  const { paging } = vendor.api;
  const announcesTotal = paging.kind !== 'single' && (paging.totalHeader ?? paging.totalIn) !== undefined;

  test.each([
    ['no record', () => 0],
    ['one record', () => 1],
    ['exactly a page', (pageSize: number) => pageSize],
    ['one more than a page', (pageSize: number) => pageSize + 1],
    ['many pages', (pageSize: number) => pageSize * 3 + 1],
  ] as const)('%s is read whole, with no request more than it takes', async (_, count) => {
    const stage = await open();
    const { pageSize } = stage;
    await keepOnly(suite, stage, count(pageSize));
    stage.simulator.clearRequests();

    const { run, entityTypes } = await stage.sync(only);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get(entityType)?.counts.created).toBe(count(pageSize));
    const paged = vendor.api.paging.kind !== 'single';
    expect(listRequests(suite, stage)).toHaveLength(
      paged ? Math.max(1, Math.ceil(count(pageSize) / pageSize)) : 1,
    );
  });

  test('a list that is empty where records are stored is not believed', async () => {
    const stage = await open();
    await stage.sync(only);
    const before = await stage.stored();
    await keepOnly(suite, stage, 0);

    const outcome = await stage.sync(only);

    expect(outcome.run.state).toBe('partial');
    expect(progressOf(suite, outcome).failure).toMatchObject({ code: 'verification_failed' });
    expect(await stage.stored()).toEqual(before);
  });

  test('a record that comes twice on one page is one record', async () => {
    const stage = await open();
    const { length } = await stage.source(subject);
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) => (page === 1 ? twice(records) : records)),
    );

    const outcome = await stage.sync(only);

    expect(progressOf(suite, outcome).counts).toMatchObject({ created: length, repeated: 1, quarantined: 0 });
  });

  test('two records under one id on one page: the first holds, the second is quarantined by name', async () => {
    const stage = await open();
    const [first] = await stage.source(subject);
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) =>
        page === 1 ? [...records, otherUnderSameId(suite, records)] : records,
      ),
    );

    const outcome = await stage.sync(only);

    const recordId = subject.idOf(first);
    expect(outcome.quarantined).toMatchObject([
      { recordId, failure: { code: 'duplicate_id', data: { id: recordId } } },
    ]);
    expect((await stage.stored()).map((row) => row.recordId)).toContain(recordId);
  });

  test('a page that comes again in place of the next does not hide that records are missing', async (context) => {
    if (!announcesTotal) return context.skip('the vendor does not say how many records there are');
    const stage = await open();
    await stage.sync(only);
    const before = await stage.stored();
    let firstPage: readonly JsonValue[] = [];
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) => {
        if (page === 2) return firstPage;
        firstPage = records;
        return records;
      }),
    );

    const outcome = await stage.sync(only);

    expect(progressOf(suite, outcome)).toMatchObject({
      counts: { repeated: stage.pageSize, deleted: 0 },
      failure: { code: 'incomplete_fetch' },
    });
    expect(await stage.stored()).toEqual(before);
  });

  test('fewer records than announced delete nothing, and what came is taken', async (context) => {
    if (!announcesTotal) return context.skip('the vendor does not say how many records there are');
    const stage = await open();
    await keepOnly(suite, stage, stage.pageSize * 2);
    await stage.sync(only);
    const before = await stage.stored();
    stage.simulator.addFault(`${stage.listPattern(subject)} page=2: drop-records=2 times=always`);

    const outcome = await stage.sync(only);

    expect(outcome.run.state).toBe('partial');
    expect(progressOf(suite, outcome)).toMatchObject({
      stage: 'done',
      counts: { deleted: 0 },
      failure: {
        code: 'incomplete_fetch',
        data: { received: stage.pageSize * 2 - 2, announced: stage.pageSize * 2 },
      },
    });
    expect(await stage.stored()).toEqual(before);
  });

  test('a list that shrinks while it is read, so that a row slips past, deletes nothing that the vendor still has', async (context) => {
    if (!announcesTotal) return context.skip('the vendor does not say how many records there are');
    const stage = await open();
    await stage.sync(only);
    const [first, ...rest] = await stage.source(subject);
    const collection = suite.collectionName(stage, subject);
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) => {
        if (page === 1) stage.simulator.edit([{ collection, op: 'remove', id: subject.idOf(first) ?? '' }]);
        return records;
      }),
    );

    const disturbed = await stage.sync(only);

    expect(progressOf(suite, disturbed).failure).toMatchObject({ code: 'incomplete_fetch' });
    const stored = (await stage.stored()).map((row) => row.recordId);
    expect(stored).toEqual(expect.arrayContaining(rest.map((record) => subject.idOf(record))));
    stage.tap.tamper(undefined);
    const { changes, run } = await stage.sync(only);
    expect(run.state).toBe('succeeded');
    expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([
      ['delete', subject.idOf(first)],
    ]);
  });
}

/** The subject's list requests that were answered. */
function listRequests({ subject }: Suite, stage: VendorStage) {
  return stage.simulator.requests(stage.listPattern(subject));
}

function progressOf({ subject }: Suite, { entityTypes }: RunOutcome) {
  const progress = entityTypes.get(subject.entityType);
  if (progress === undefined) throw new RangeError('The run has not begun with the subject');
  return progress;
}

/** Removes all of the subject's records but the first `count`. */
async function keepOnly(suite: Suite, stage: VendorStage, count: number): Promise<void> {
  const { subject } = suite;
  const records = await stage.source(subject);
  expect(
    records.length,
    `the simulator has too few records of ${subject.entityType}: make its district larger`,
  ).toBeGreaterThanOrEqual(count);
  const collection = suite.collectionName(stage, subject);
  const gone = records.slice(count).map((record) => subject.idOf(record) ?? '');
  stage.simulator.edit(gone.map((id) => ({ collection, op: 'remove', id })));
}

function twice(records: readonly JsonValue[]): readonly JsonValue[] {
  return [...records, ...records.slice(0, 1)];
}

/** Another record of the page under the first one's id: with the members that make it, of which a natural key has several. */
function otherUnderSameId({ subject }: Suite, records: readonly JsonValue[]): JsonValue {
  const [first = {}, second = {}] = objectsIn(records);
  const id = subject.idOf(first);
  const key = Object.entries(first).filter(([name]) => {
    const { [name]: _, ...others } = first;
    return subject.idOf(others) !== id;
  });
  const other = { ...second, ...Object.fromEntries(key) };
  if (subject.idOf(other) !== id || breakRecord(subject, second) === undefined)
    throw new RangeError('No members make the id');
  return other;
}
