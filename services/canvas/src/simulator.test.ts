import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, onTestFinished, test } from 'vitest';
import { textOf } from './simulator/text-of.ts';
import { createCanvasSimulator } from './simulator.ts';

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly body?: string;
}

async function open() {
  const clock = createManualClock();
  const simulator = createCanvasSimulator({ clock, district: { students: 4, assignments: 4 } });
  onTestFinished(() => simulator.close());
  await simulator.listen();

  async function ask(path: string, { method = 'GET', token, type, accept = '*/*', body }: Asked = {}) {
    const headers = {
      authorization: `Bearer ${token ?? textOf(simulator.credential.accessToken)}`,
      accept,
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    const url = path.startsWith('http') ? path : `${simulator.origin}/api/v1${path}`;
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const json = (await answer.json()) as JsonObject & readonly JsonObject[];
    const links = Object.fromEntries(
      [...(answer.headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, to, rel]) => [
        rel,
        to,
      ]),
    );
    return { status: answer.status, json, links, challenge: answer.headers.get('www-authenticate') };
  }
  return { simulator, clock, ask };
}

describe('lists', () => {
  test('have ten a page unless more are asked for, and never more than a hundred', async () => {
    const { ask } = await open();
    expect((await ask('/accounts/self/users')).json).toHaveLength(10);
    expect((await ask('/accounts/self/courses?per_page=1000')).links.current).toContain('per_page=100');
  });

  test('of people link on by a bookmark that only Canvas can read, and say nothing of their end', async () => {
    const { ask } = await open();
    const { links } = await ask('/accounts/self/users?per_page=3');
    expect(Object.keys(links)).toEqual(['current', 'next', 'first']);
    expect(decodeURIComponent(links.next ?? '')).toMatch(/page=bookmark:[\w-]+\.[\w-]+$/);

    const forged = (links.next ?? '').replace(/.{4}$/, 'AAAA');
    expect(await ask(forged)).toMatchObject({ status: 400 });
    expect((await ask(links.next ?? '')).json).toHaveLength(3);
  });

  test('go on where they were though somebody was removed in between', async () => {
    const { ask, simulator } = await open();
    const first = await ask('/accounts/self/users?per_page=3');
    const second = await ask(first.links.next ?? '');
    for (const { id } of first.json) simulator.edit([{ collection: 'users', op: 'remove', id: textOf(id) }]);
    expect((await ask(first.links.next ?? '')).json).toEqual(second.json);
  });

  test('of terms say the pages around, and of grading periods say them in the body', async () => {
    const { ask } = await open();
    const { json, links } = await ask('/accounts/self/terms?per_page=2&page=2');
    expect(Object.keys(links)).toEqual(['current', 'next', 'prev', 'first', 'last']);
    expect(json.enrollment_terms).toHaveLength(2);
    const periods = await ask('/accounts/self/grading_periods?per_page=3');
    expect(periods.links).toEqual({});
    expect(periods.json).toMatchObject({ meta: { pagination: { next: expect.stringContaining('page=2') } } });
  });

  test('have ids as integers, or as texts where that is asked for; ids of the SIS are texts', async () => {
    const { ask } = await open();
    const { json: plain } = await ask('/courses/sis_course_id:x').then(() => ask('/accounts/self/users'));
    const { json: texts } = await ask('/accounts/self/users', {
      accept: 'application/json+canvas-string-ids',
    });
    expect(plain[0]).toMatchObject({ id: expect.any(Number), sis_user_id: expect.stringMatching(/^\d+$/) });
    expect(texts[0]?.id).toBe(textOf(plain[0]?.id));
  });
});

describe('refusals', () => {
  test('of a bad token come with a challenge, of a thing that it may not do without', async () => {
    const { ask } = await open();
    expect(await ask('/users/self', { token: 'nobody' })).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="canvas-lms"',
      json: { errors: [{ message: 'Invalid access token.' }] },
    });
    const [course] = (await ask('/accounts/self/courses')).json;
    const at = `/courses/${textOf(course?.id)}/assignments`;
    const made = await ask(at, {
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      body: 'assignment[name]=Quiz&assignment[published]=true',
    });
    const [stranger] = (await ask('/accounts/self/users')).json;
    const put = `${at}/${textOf(made.json.id)}/submissions/${textOf(stranger?.id)}`;
    const form = {
      method: 'PUT',
      type: 'application/x-www-form-urlencoded',
      body: 'submission[posted_grade]=1',
    };
    const { status, json, challenge } = await ask(put, form);
    expect([status, json.status, challenge]).toEqual([401, 'unauthorized', null]);
  });

  test.each([
    ['/accounts/self/users?limit=5', 400],
    ['/courses/4711/sections', 404],
    ['/accounts/self/users/4711', 404],
  ])('%s is %i, in the shape of Canvas', async (path, status) => {
    const { ask } = await open();
    expect(await ask(path)).toMatchObject({ status, json: { errors: [{ message: expect.any(String) }] } });
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'Quiz', points_possible: 'many' }, 'points_possible'],
    [{ name: 'Quiz', due_at: 'soon' }, 'due_at'],
    [{ name: 'Quiz', due_at: '2026-01-01T00:00:00Z', unlock_at: '2026-02-01T00:00:00Z' }, 'unlock_at'],
    [{ name: 'Quiz', assignment_group_id: '4711' }, 'assignment_group_id'],
  ])('of an assignment %j name the member', async (assignment, member) => {
    const { ask } = await open();
    const [course] = (await ask('/accounts/self/courses')).json;
    const body = JSON.stringify({ assignment });
    const answer = await ask(`/courses/${textOf(course?.id)}/assignments`, {
      method: 'POST',
      type: 'application/json',
      body,
    });
    expect(answer).toMatchObject({ status: 400, json: { errors: { [member]: [{ attribute: member }] } } });
  });
});

describe('an import from a SIS', () => {
  const csv = { method: 'POST', type: 'text/csv' };
  const at = '/accounts/self/sis_imports';

  test('waits for its turn, tells how far it is, and has changed nothing before it is done', async () => {
    const { ask, clock } = await open();
    const rows = 'user_id,login_id,full_name,email,status\n77,grace,Grace Hopper,grace@navy.example,active\n';
    const first = await ask(at, { ...csv, body: rows });
    const second = await ask(at, { ...csv, body: rows.replaceAll('77', '78').replace('grace', 'grace2') });
    expect(first.json).toMatchObject({ workflow_state: 'importing', progress: 0, ended_at: null });
    expect(second.json).toMatchObject({ workflow_state: 'created', progress: 0 });
    await clock.advance(3_000);
    expect((await ask(`${at}/1`)).json.progress).toBeGreaterThan(30);
    expect(await ask('/users/sis_user_id:77')).toMatchObject({ status: 404 });
    await clock.advance(3_000);
    expect((await ask(`${at}/1`)).json).toMatchObject({
      workflow_state: 'imported',
      progress: 100,
      data: { supplied_batches: ['user'], counts: { users: 1 } },
    });
    expect((await ask('/users/sis_user_id:77')).json).toMatchObject({ sortable_name: 'Hopper, Grace' });
    expect((await ask(`${at}/2/abort`, { method: 'PUT' })).json).toMatchObject({ workflow_state: 'aborted' });
    await clock.advance(60_000);
    expect(await ask('/users/sis_user_id:78')).toMatchObject({ status: 404 });
    expect((await ask(at)).json.sis_imports).toHaveLength(2);
  });

  test('takes the rows that are sound, and says of the others what is wrong in a warning each', async () => {
    const { ask, clock, simulator } = await open();
    const [section] = (await ask('/accounts/self/courses')).json;
    const people = (await ask('/accounts/self/users')).json;
    const sisId = textOf(people[0]?.sis_user_id);
    const course = textOf(section?.sis_course_id);
    const { enrollments: before = 0 } = simulator.counts();
    const body = [
      'course_id,user_id,role,section_id,status',
      `${course},${sisId},ta,,active`,
      `${course},nobody,student,,active`,
      `nowhere,${sisId},student,,active`,
      `${course},${sisId},king,,active`,
      `${course},${sisId},student,,perhaps`,
    ].join('\r\n');
    await ask(at, { ...csv, body });
    await clock.advance(10_000);
    const { json } = await ask(`${at}/1`);
    expect(json).toMatchObject({
      workflow_state: 'imported_with_messages',
      data: { counts: { enrollments: 1 } },
      processing_warnings: [
        ['sis_import.csv', "User nobody didn't exist for user enrollment"],
        ['sis_import.csv', 'Neither course nowhere nor section  existed for user enrollment'],
        ['sis_import.csv', 'Improper role "king" for an enrollment'],
        ['sis_import.csv', 'Improper status "perhaps" for an enrollment'],
      ],
    });
    expect(simulator.counts().enrollments).toBe(before + 1);
  });

  test('leaves a name alone that somebody has changed in Canvas, unless it is told to override', async () => {
    const { ask, clock, simulator } = await open();
    const [person] = (
      await ask('/accounts/self/users?include[]=email', { accept: 'application/json+canvas-string-ids' })
    ).json;
    const { id = '', sis_user_id, login_id } = person ?? {};
    const body = `user_id,login_id,first_name,last_name,status\n${textOf(sis_user_id)},${textOf(login_id)},Of the,SIS,active\n`;
    await ask(at, { ...csv, body: body.replace('Of the', 'First') });
    await clock.advance(10_000);
    await ask(at);
    const record = { ...simulator.record('users', textOf(id)), name: 'By Hand', sortable_name: 'Hand, By' };
    simulator.edit([{ collection: 'users', op: 'put', id: textOf(id), record }]);
    await ask(at, { ...csv, body });
    await clock.advance(10_000);
    expect((await ask(`/users/${textOf(id)}`)).json.name).toBe('By Hand');
    await ask(`${at}?override_sis_stickiness=true`, { ...csv, body });
    await clock.advance(10_000);
    expect((await ask(`/users/${textOf(id)}`)).json.name).toBe('Of the SIS');
  });

  test.each([
    [
      'of what is no CSV of Canvas',
      { ...csv, body: 'a,b\n1,2\n' },
      "Couldn't find Canvas CSV import headers",
    ],
    [
      'of a body that says nothing of its kind',
      { method: 'POST', type: 'application/octet-stream', body: 'PK' },
      'The simulator does not unpack ZIP files',
    ],
  ])('%s fails with a message', async (_, asked, message) => {
    const { ask, clock } = await open();
    await ask(at, asked);
    await clock.advance(10_000);
    expect((await ask(`${at}/1`)).json).toMatchObject({
      workflow_state: 'failed_with_messages',
      processing_errors: [[expect.any(String), message]],
    });
  });

  test.each([
    [
      'of a school',
      '/accounts/sis_account_id:1001/sis_imports',
      csv,
      { errors: ['SIS imports can only be executed on root accounts'] },
    ],
    [
      'in another alphabet',
      at,
      { ...csv, type: 'text/csv; charset=latin1' },
      { error: 'Invalid content type, UTF-8 required' },
    ],
    [
      'by a form without a file',
      at,
      { ...csv, type: 'multipart/form-data; boundary=x', body: '--x--' },
      { error_message: 'Missing attachment' },
    ],
  ])('%s is refused', async (_, path, asked, json) => {
    const { ask } = await open();
    expect(await ask(path, { body: '', ...asked })).toMatchObject({ status: 400, json });
  });

  test('comes in a form as well, as a file', async () => {
    const { ask, clock } = await open();
    const head =
      'Content-Disposition: form-data; name="attachment"; filename="terms.csv"\r\nContent-Type: text/csv';
    const body = `--x\r\n${head}\r\n\r\nterm_id,name,status,start_date\nT1,Winter,active,2026-01-05\r\n--x--\r\n`;
    await ask(at, { method: 'POST', type: 'multipart/form-data; boundary=x', body });
    await clock.advance(10_000);
    expect((await ask(`${at}/1`)).json).toMatchObject({
      workflow_state: 'imported',
      data: { counts: { terms: 1 } },
    });
    expect((await ask('/accounts/self/terms/sis_term_id:T1')).json).toMatchObject({ name: 'Winter' });
  });
});
