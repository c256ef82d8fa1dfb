import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { RunChoice } from '@flotilla/substrate/testing/vendor-stage';
import { joinIds, splitId } from '@flotilla/substrate/vendor';
import { expect, test } from 'vitest';
import { openSchool } from './school.fixture.ts';
import { without } from './simulator/show-record.ts';

const isGraded = ({ scoreStatus }: JsonObject) => scoreStatus === 'fully graded';
const putGrade = 'PUT /api/v1/sections/:id/assignments/:assignmentId/submissions/:userId';
const grades: RunChoice = { entityTypes: ['lineItem', 'result'] };

test('a grade goes to Canvas as a form, is read again, and stands there in the next night', async () => {
  const { stage, pick, night, writes, simulator } = await openSchool();
  const { id, value } = await pick('result', isGraded);
  await stage.edit('result', id, { ...value, score: 7.25, comment: 'Neat, "really"', late: true });

  const report = await night(grades);

  expect(writes()).toEqual([`${putGrade} 200`]);
  expect(report.pushes).toMatchObject([{ entityType: 'result', recordId: id, state: 'accepted' }]);
  expect(simulator.record('submissions', id)).toMatchObject({
    score: 7.25,
    grade: '7.25',
    late_policy_status: 'late',
  });
  const sent = stage.tap.sent.filter(({ method }) => method === 'PUT');
  expect(sent.map(({ headers }) => headers['content-type'])).toEqual(['application/x-www-form-urlencoded']);
  expect(new URLSearchParams(String(sent[0]?.body)).get('submission[posted_grade]')).toBe('7.25');
  const second = await night(grades);
  expect(second.changes).toEqual([]);
  expect(writes()).toHaveLength(1);
});

test('a grade that is taken away is sent as an empty one, and an exemption as an excuse', async () => {
  const { stage, pick, night, simulator } = await openSchool();
  const emptied = await pick('result', isGraded);
  const excused = await pick('result', isGraded, 1);
  await stage.edit('result', emptied.id, {
    ...without(emptied.value, 'score', 'scoreDate'),
    scoreStatus: 'not submitted',
  });
  await stage.edit('result', excused.id, { ...without(excused.value, 'score'), scoreStatus: 'exempt' });

  const report = await night(grades);

  expect(report.problems).toEqual([]);
  expect(report.pushes.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  expect(simulator.record('submissions', emptied.id)).toMatchObject({
    score: null,
    workflow_state: 'unsubmitted',
  });
  expect(simulator.record('submissions', excused.id)).toMatchObject({ score: null, excused: true });
});

test('a comment whose answer is lost is not sent twice: Canvas would have it twice', async () => {
  const { stage, pick, night, simulator } = await openSchool();
  const { id, value } = await pick('result', (one) => one.comment === undefined);
  await stage.edit('result', id, { ...value, comment: 'Once' });
  simulator.addFault('PUT /api/v1/sections/*/assignments/*/submissions/*: cut');

  const runId = await stage.start(grades);
  await stage.deliver(runId).catch(() => undefined);
  while ((await stage.deliver(runId, { retryCount: 1 })) !== 'finished') stage.clock.skip(20_000);
  await night(grades);

  expect(simulator.record('submissions', id)?.submission_comments).toMatchObject([{ comment: 'Once' }]);
});

test('a grade that Canvas refuses is refused with its exact words, and the others go on', async () => {
  const { stage, pick, night, simulator } = await openSchool();
  const refused = await pick('result', isGraded);
  const other = await pick('result', isGraded, 1);
  const [courseId = '', sectionId = '', assignmentId = ''] = splitId(refused.id);
  const key = [courseId, sectionId, assignmentId].join('.');
  const record = { ...simulator.record('assignments', key), grading_type: 'pass_fail' };
  simulator.edit([{ collection: 'assignments', op: 'put', id: key, record }]);
  await stage.edit('result', refused.id, { ...refused.value, score: 0.5 });
  await stage.edit('result', other.id, { ...other.value, comment: 'Taken' });

  const report = await night(grades);

  const states = new Map(report.pushes.map(({ recordId, state }) => [recordId, state]));
  expect(states).toEqual(
    new Map([
      [refused.id, 'refused'],
      [other.id, 'accepted'],
    ]),
  );
  const [problem] = report.problems.filter(({ recordId }) => recordId === refused.id);
  expect(problem).toMatchObject({ code: 'push_rejected', data: { status: 400 } });
  expect(JSON.stringify(problem?.data)).toContain('invalid grade');
});

test('a new assignment is made for its section alone, published, and gets an id of Canvas', async () => {
  const { stage, ours, pick, night, writes, simulator } = await openSchool();
  const shared = await pick('class', (_, id) => (simulator.record('sections', id)?.course_id ?? '') !== '');
  const value = {
    status: 'active',
    title: 'Essay',
    classSourcedId: shared.id,
    dueDate: '2026-02-10T23:59:00.000Z',
    resultValueMax: 12.5,
  };
  await stage.edit('lineItem', 'our-essay', value);

  const report = await night(grades);

  expect(writes()).toEqual(['POST /api/v1/courses/:id/assignments 201']);
  const [push] = report.pushes;
  expect(push).toMatchObject({ action: 'create', state: 'accepted' });
  const assignedId = push?.assignedId ?? '';
  expect(assignedId.startsWith(`${shared.id}.`)).toBe(true);
  expect((await ours('lineItem')).get(assignedId)).toMatchObject({ title: 'Essay', resultValueMax: 12.5 });
  // Whoever is in the section can be graded from then on.
  await night(grades);
  const results = [...(await ours('result')).values()].filter(
    ({ lineItemSourcedId }) => lineItemSourcedId === assignedId,
  );
  const enrolled = [...(await ours('enrollment')).values()].filter(
    ({ classSourcedId, role }) => classSourcedId === shared.id && role === 'student',
  );
  expect(results).toHaveLength(enrolled.length);
  expect((await night(grades)).changes).toEqual([]);
});

test('an assignment that sections share is there for each of them, with the dates that the section has of its own', async () => {
  const { stage, ours, pick, night, simulator } = await openSchool();
  const { id: one } = await pick('class');
  const [courseId = '', sectionId = ''] = splitId(one);
  const two = joinIds(courseId, '999');
  const sister = { ...simulator.record('sections', one), id: '999', name: 'Sister', sis_section_id: null };
  simulator.edit([{ collection: 'sections', op: 'put', id: two, record: sister }]);
  const record = {
    id: '77',
    course_id: courseId,
    section_id: '',
    name: 'Shared',
    due_at: '2026-03-01T08:00:00Z',
    unlock_at: null,
    points_possible: 10,
    grading_type: 'points',
    workflow_state: 'published',
    published: true,
    only_visible_to_overrides: false,
    overrides: [
      { id: '5', assignment_id: '77', course_section_id: sectionId, due_at: '2026-03-08T08:00:00Z' },
    ],
  };
  simulator.edit([{ collection: 'assignments', op: 'put', id: `${courseId}..77`, record }]);
  await night();
  const items = await ours('lineItem');
  expect(items.get(`${one}.77`)?.dueDate).toBe('2026-03-08T08:00:00.000Z');
  expect(items.get(`${two}.77`)?.dueDate).toBe('2026-03-01T08:00:00.000Z');

  await stage.edit('lineItem', `${one}.77`, {
    ...items.get(`${one}.77`),
    dueDate: '2026-03-09T08:00:00.000Z',
  });
  const changed = await night(grades);
  expect(changed.pushes.map(({ state }) => state)).toEqual(['accepted']);
  expect((await ours('lineItem')).get(`${two}.77`)?.dueDate).toBe('2026-03-01T08:00:00.000Z');

  await stage.edit('lineItem', `${one}.77`, null);
  const deleted = await night(grades);
  expect(deleted.pushes.map(({ state }) => state)).toEqual(['refused']);
  expect(JSON.stringify(deleted.problems)).toContain('Canvas deletes it for all');
});
