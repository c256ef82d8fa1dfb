import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import { tamperRecords } from '@flotilla/substrate/testing/conformance/wire-tap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFields, countsOf, openSchool, type School, twoWay } from './week.fixture.ts';

/**
 * A week at a school, told in order: each test is a morning on which somebody reads the report of the night before. The provider is the
 * simulator; results and line items are written back.
 */
let school: School;
let results: readonly string[];
let items: readonly string[];

beforeAll(async () => {
  school = await openSchool();
  results = await school.ids('results');
  items = await school.ids('lineItems');
});
afterAll(() => school.stage.close());

/** One result after the other: each test takes a fresh one. */
let taken = 0;
function nextResult(): string {
  const id = results[taken++];
  if (id === undefined) throw new RangeError('The district has too few results');
  return id;
}

describe('monday', () => {
  test('the first sync creates what the provider has, and writes nothing to it', async () => {
    const report = await school.night();

    expect(report.verdict).toMatch(/^All is well\. /);
    expect(countsOf(report, 'result')).toMatchObject({ received: results.length, created: results.length });
    expect(school.writes()).toEqual([]);
  });

  test('a change of the provider comes to our side, alone', async () => {
    const [user = ''] = await school.ids('users');
    school.theyEdit('users', user, { givenName: 'Rosalind' });

    const report = await school.night();

    expect(report.totals).toMatchObject({ created: 0, updated: 1, deleted: 0, pushUpdated: 0 });
    expect(changedFields(report, user)).toEqual([expect.stringMatching(/^\/givenName: ".*" → "Rosalind"$/)]);
    expect(await school.ours('user', user)).toMatchObject({ givenName: 'Rosalind' });
  });

  test('a change of ours goes to the provider, and the night after is idle', async () => {
    const id = nextResult();
    await school.weEdit('result', id, { comment: 'Well argued' });

    const report = await school.night();

    expect(report.verdict).toContain('At the vendor: 0 created, 1 updated, 0 deleted.');
    expect(school.writes()).toEqual([`PUT /results/${id}`]);
    expect(school.theirs('results', id)).toMatchObject({ comment: 'Well argued' });

    const idle = await school.night();
    expect(idle.verdict).toMatch(/^All is well\. .* nothing had changed\.$/);
    expect(school.writes()).toEqual([]);
  });
});

describe('tuesday', () => {
  test('both sides change different fields of one record, and both get both', async () => {
    const id = nextResult();
    await school.weEdit('result', id, { comment: 'From our teacher' });
    school.theyEdit('results', id, { score: 3.5 });

    const report = await school.night();

    expect(countsOf(report, 'result')).toMatchObject({ updated: 1, pushUpdated: 1, conflicted: 0 });
    expect(await school.ours('result', id)).toMatchObject({ comment: 'From our teacher', score: 3.5 });
    expect(school.theirs('results', id)).toMatchObject({ comment: 'From our teacher', score: 3.5 });
    expect(school.writes()).toEqual([`PUT /results/${id}`]);
  });

  test('both sides make the same change, and only base moves', async () => {
    const id = nextResult();
    await school.weEdit('result', id, { score: 4.25 });
    school.theyEdit('results', id, { score: 4.25 });

    const report = await school.night();

    expect(countsOf(report, 'result')).toMatchObject({ agreed: 1, updated: 0, pushUpdated: 0 });
    expect(school.writes()).toEqual([]);
    const [record] = (await school.stage.stored(undefined, 'result')).filter((row) => row.recordId === id);
    expect(record).toMatchObject({ base: null, editedAt: null });
  });
});

describe('wednesday: both sides change the same field differently', () => {
  async function disagree(id: string) {
    await school.weEdit('result', id, { comment: 'ours' });
    school.theyEdit('results', id, { comment: 'theirs' });
    return await school.night();
  }

  test('under manual it waits for a person, the record is held, and all others go on', async () => {
    const [id, other] = [nextResult(), nextResult()];
    await school.weEdit('result', other, { comment: 'not in doubt' });

    const report = await disagree(id);

    expect(countsOf(report, 'result')).toMatchObject({ conflicted: 1, pushUpdated: 1 });
    expect(report.conflicts).toEqual([
      expect.objectContaining({
        recordId: id,
        pointer: '/comment',
        kind: 'add/add',
        ours: 'ours',
        theirs: 'theirs',
        rule: 'manual (default)',
      }),
    ]);
    expect(renderReportText(report)).toContain('waits for a decision');
    expect(school.theirs('results', id)).toMatchObject({ comment: 'theirs' });
    expect(await school.ours('result', id)).toMatchObject({ comment: 'ours' });
    expect(school.writes()).toEqual([`PUT /results/${other}`]);

    const again = await school.night();
    expect(again.conflicts).toEqual(report.conflicts);

    await school.choose({
      ...twoWay,
      writeBack: [...twoWay.writeBack],
      merge: { records: { [id]: 'resolveTheirs' } },
    });
    const decided = await school.night();
    expect(decided.conflicts).toEqual([]);
    expect(await school.ours('result', id)).toMatchObject({ comment: 'theirs' });
  });

  test.each([
    ['resolveOurs', 'ours'],
    ['resolveTheirs', 'theirs'],
    ['alwaysOurs', 'ours'],
    ['alwaysTheirs', 'theirs'],
  ] as const)('under %s it becomes %s on both sides', async (strategy, winner) => {
    const id = nextResult();
    await school.choose({
      writeBack: [...twoWay.writeBack],
      entityTypes: { result: { merge: { fields: { '/comment': strategy } } } },
    });

    const report = await disagree(id);

    expect(report.conflicts).toEqual([]);
    expect(await school.ours('result', id)).toMatchObject({ comment: winner });
    expect(school.theirs('results', id)).toMatchObject({ comment: winner });
    expect(school.writes()).toEqual(winner === 'ours' ? [`PUT /results/${id}`] : []);
    if (winner === 'theirs') {
      expect(report.changes.find((one) => one.recordId === id)?.fields).toEqual([
        { pointer: '/comment', before: 'ours', after: 'theirs', rule: expect.stringContaining(strategy) },
      ]);
    }
  });

  test('a field goes by its own exception, a record by its own override', async () => {
    const [id, special] = [nextResult(), nextResult()];
    await school.choose({
      writeBack: [...twoWay.writeBack],
      merge: {
        default: 'resolveTheirs',
        fields: { '/comment': 'resolveOurs' },
        records: { [special]: { default: 'resolveTheirs', fields: {} } },
      },
    });
    for (const each of [id, special]) {
      await school.weEdit('result', each, { comment: 'ours', textScore: 'A' });
      school.theyEdit('results', each, { comment: 'theirs', textScore: 'B' });
    }

    await school.night();

    expect(await school.ours('result', id)).toMatchObject({ comment: 'ours', textScore: 'B' });
    expect(await school.ours('result', special)).toMatchObject({ comment: 'theirs', textScore: 'B' });
    expect(school.theirs('results', id)).toMatchObject({ comment: 'ours', textScore: 'B' });
    expect(school.writes()).toEqual([`PUT /results/${id}`]);
    await school.choose({ writeBack: [...twoWay.writeBack] });
  });
});

describe('thursday', () => {
  test('a record that the provider deleted goes, and one that we deleted goes there', async () => {
    const [theirsGone, oursGone] = [nextResult(), nextResult()];
    school.theyEdit('results', theirsGone, null);
    await school.weEdit('result', oursGone, null);

    const report = await school.night();

    expect(countsOf(report, 'result')).toMatchObject({ deleted: 1, pushDeleted: 1 });
    expect(await school.ours('result', theirsGone)).toBeUndefined();
    expect(await school.ours('result', oursGone)).toBeUndefined();
    expect(school.theirs('results', oursGone)).toBeUndefined();
    expect(school.writes()).toEqual([`DELETE /results/${oursGone}`]);
    expect((await school.night()).verdict).toContain('nothing had changed');
  });

  test('one side deletes what the other changed: one conflict about the whole record', async () => {
    const [theyDelete, weDelete] = [nextResult(), nextResult()];
    school.theyEdit('results', theyDelete, null);
    await school.weEdit('result', theyDelete, { comment: 'still needed' });
    school.theyEdit('results', weDelete, { comment: 'still needed' });
    await school.weEdit('result', weDelete, null);

    const report = await school.night();

    const found = report.conflicts.map(({ recordId, pointer, kind }) => [recordId, [pointer, kind]] as const);
    expect(new Map(found)).toEqual(
      new Map([
        [theyDelete, ['', 'delete/modify']],
        [weDelete, ['', 'delete/modify']],
      ]),
    );
    expect(school.writes()).toEqual([]);

    await school.choose({
      writeBack: [...twoWay.writeBack],
      merge: { records: { [theyDelete]: 'resolveTheirs', [weDelete]: 'resolveTheirs' } },
    });
    await school.night();
    expect(await school.ours('result', theyDelete)).toBeUndefined();
    expect(await school.ours('result', weDelete)).toMatchObject({ comment: 'still needed' });
    await school.choose({ writeBack: [...twoWay.writeBack] });
  });

  test('a keyed list is edited on both sides, element by element', async () => {
    await school.choose({
      writeBack: [...twoWay.writeBack],
      entityTypes: { user: { merge: { lists: { '/userIds': { key: ['type'] } } } } },
    });
    const [, user = ''] = await school.ids('users');
    school.theyEdit('users', user, {
      userIds: [
        { type: 'state', identifier: 's-1' },
        { type: 'library', identifier: 'l-1' },
      ],
    });
    await school.night();
    await school.weEdit('user', user, {
      userIds: [
        { type: 'state', identifier: 's-1' },
        { type: 'library', identifier: 'l-2' },
        { type: 'bus', identifier: 'b-1' },
      ],
    });
    school.theyEdit('users', user, {
      userIds: [
        { type: 'state', identifier: 's-2' },
        { type: 'library', identifier: 'l-1' },
      ],
    });

    const report = await school.night();

    expect(report.conflicts).toEqual([]);
    expect(await school.ours('user', user)).toMatchObject({
      userIds: [
        { type: 'state', identifier: 's-2' },
        { type: 'library', identifier: 'l-2' },
        { type: 'bus', identifier: 'b-1' },
      ],
    });
    await school.choose({ writeBack: [...twoWay.writeBack] });
  });
});

describe('friday', () => {
  test("a write that the provider refuses is reported with the provider's own words, and the others go on", async () => {
    const [bad, good] = [nextResult(), nextResult()];
    await school.weEdit('result', bad, { studentSourcedId: 'nobody-of-this-id' });
    await school.weEdit('result', good, { comment: 'fine' });

    const report = await school.night();

    expect(report.state).toBe('partial');
    expect(countsOf(report, 'result')).toMatchObject({ pushUpdated: 1, pushFailed: 1 });
    const [problem] = report.problems.filter(({ code }) => code === 'push_rejected');
    expect(problem).toMatchObject({ entityType: 'result', recordId: bad, data: { status: 422 } });
    expect(problem?.data.excerpt).toContain('nobody-of-this-id');
    expect(await school.ours('result', bad)).toMatchObject({ studentSourcedId: 'nobody-of-this-id' });
    expect(new Set(school.writes())).toEqual(new Set([`PUT /results/${bad}`, `PUT /results/${good}`]));

    const { student } = school.theirs('results', bad) as { student: { sourcedId: string } };
    await school.weEdit('result', bad, { studentSourcedId: student.sourcedId });
    expect((await school.night()).state).toBe('succeeded');
  });

  test('what we create gets an id of the provider, and so does what points to it', async () => {
    const [item = ''] = items;
    const template = (await school.ours('lineItem', item)) as JsonObject;
    const [some = ''] = results.slice(-1);
    const { studentSourcedId, scoreDate } = (await school.ours('result', some)) as Record<string, string>;
    school.writes();
    await school.weCreate('lineItem', 'our-essay', { ...template, title: 'Essay' });
    await school.weCreate('result', 'our-score', {
      status: 'active',
      lineItemSourcedId: 'our-essay',
      studentSourcedId: studentSourcedId as string,
      scoreStatus: 'fully graded',
      score: 9,
      scoreDate: scoreDate as string,
    });

    const report = await school.night();

    expect(report.pushes.map(({ entityType, recordId, state }) => [entityType, recordId, state])).toEqual([
      ['lineItem', 'our-essay', 'accepted'],
      ['result', 'our-score', 'accepted'],
    ]);
    const [essay, score] = report.pushes.map(({ assignedId }) => assignedId as string);
    expect(essay).toMatch(/^lineItems-of-theirs-/);
    expect(await school.ours('lineItem', 'our-essay')).toBeUndefined();
    expect(await school.ours('lineItem', essay as string)).toMatchObject({ title: 'Essay' });
    expect(await school.ours('result', score as string)).toMatchObject({ lineItemSourcedId: essay });
    expect((await school.night()).verdict).toContain('nothing had changed');
  });
});

describe('saturday: the provider has a bad night', () => {
  test('an empty set deletes nothing, and says that it is not believed', async () => {
    const before = (await school.stage.stored(undefined, 'enrollment')).length;
    const enrollments = await school.ids('enrollments');
    const kept = enrollments.map((id) => [id, school.theirs('enrollments', id)] as const);
    for (const id of enrollments) school.theyEdit('enrollments', id, null);

    const report = await school.night();

    expect(report.state).toBe('partial');
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'verification_failed', entityType: 'enrollment' }),
    );
    expect(await school.stage.stored(undefined, 'enrollment')).toHaveLength(before);
    for (const [id, record] of kept) school.theyEdit('enrollments', id, record ?? {});
    expect((await school.night()).totals).toMatchObject({ created: 0, updated: 0, deleted: 0 });
  });

  test('a truncated set deletes nothing either, and what did come is stored', async () => {
    const before = (await school.stage.stored(undefined, 'enrollment')).length;
    school.simulator.addFault('GET /enrollments: drop-records=3 times=always');

    const report = await school.night();
    school.simulator.clearFaults();

    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'incomplete_fetch', entityType: 'enrollment' }),
    );
    expect(countsOf(report, 'enrollment')).toMatchObject({ deleted: 0 });
    expect(await school.stage.stored(undefined, 'enrollment')).toHaveLength(before);
  });

  test('two different records under one id: the second is left out and named', async () => {
    const users = school.stage.collection(school.stage.entity('user'));
    school.stage.tap.tamper(
      tamperRecords(users, ([first, ...rest], page) => {
        if (page > 1 || first === undefined) return [first ?? null, ...rest];
        return [first, { ...(first as JsonObject), givenName: 'Somebody else' }, ...rest];
      }),
    );

    const report = await school.night();
    school.stage.tap.tamper(undefined);

    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'duplicate_id', entityType: 'user' }),
    );
    expect(countsOf(report, 'user')).toMatchObject({ deleted: 0 });
  });
});

describe('sunday', () => {
  /** More of the provider's results vanish than may. */
  async function loseResults(count: number) {
    const ids = (await school.ids('results')).slice(-count);
    const kept = ids.map((id) => [id, school.theirs('results', id)] as const);
    for (const id of ids) school.theyEdit('results', id, null);
    return kept;
  }

  const strict = {
    writeBack: [...twoWay.writeBack],
    limits: { toOurs: { delete: { percent: 1, floor: 3 } } },
  };

  test('too many deletions hold the run: nothing is applied, the report shows what would be; rejected, it ends', async () => {
    await school.choose(strict);
    const before = await school.stage.stored(undefined, 'result');
    const kept = await loseResults(6);

    const held = await school.night();

    expect(held.state).toBe('held');
    expect(held.verdict).toContain('6 result deletions on our side, where 3 are allowed');
    expect(held.planned.map(({ recordId }) => recordId)).toEqual(kept.map(([id]) => id));
    expect(await school.stage.stored(undefined, 'result')).toEqual(before);

    await school.decide(held.runId, 'rejected');
    expect((await school.stage.report(held.runId)).verdict).toBe(
      'Rejected by principal@school.example. Nothing was changed. It was held for 6 result deletions on our side, where 3 are allowed.',
    );
    expect(await school.stage.stored(undefined, 'result')).toEqual(before);
    for (const [id, record] of kept) school.theyEdit('results', id, record ?? {});
  });

  test('approved, it goes on with what was looked at; taken back, everything is as before, also at the provider', async () => {
    const before = await school.stage.stored(undefined, 'result');
    const kept = await loseResults(5);
    const held = await school.night();
    expect(held.state).toBe('held');

    await school.decide(held.runId, 'approved');
    const approved = await school.goOn(held.runId);

    expect(approved.state).toBe('succeeded');
    expect(countsOf(approved, 'result')).toMatchObject({ deleted: 5 });
    expect(await school.stage.stored(undefined, 'result')).toHaveLength(before.length - 5);
    school.writes();

    const reverted = await school.night({ reverts: held.runId, context: 'manual' });

    expect(reverted.state).toBe('succeeded');
    expect(reverted.verdict).toContain(`Taken back: run ${held.runId}.`);
    expect(await school.stage.stored(undefined, 'result')).toHaveLength(before.length);
    // They were deleted at the provider too: written back, they are created there again, under ids of its own.
    expect(school.writes().every((line) => line.startsWith('POST /lineItems/'))).toBe(true);
    expect(await school.ids('results')).toHaveLength(before.length);
    expect(kept).toHaveLength(5);
  });

  test('what later runs have changed cannot be taken back behind their backs', async () => {
    await school.choose({ writeBack: [...twoWay.writeBack] });
    const [user = ''] = await school.ids('users');
    school.theyEdit('users', user, { givenName: 'First' });
    const first = await school.night();
    school.theyEdit('users', user, { givenName: 'Second' });
    const second = await school.night();

    const refused = await school.night({ reverts: first.runId, context: 'manual' });

    expect(refused.state).toBe('failed');
    expect(refused.problems[0]).toMatchObject({ code: 'revert_refused' });
    expect(JSON.stringify(refused.problems[0]?.data)).toContain(user);
    expect(JSON.stringify(refused.problems[0]?.data)).toContain('/givenName');
    expect(JSON.stringify(refused.problems[0]?.data)).toContain(second.runId);
    expect(await school.ours('user', user)).toMatchObject({ givenName: 'Second' });
  });
});
