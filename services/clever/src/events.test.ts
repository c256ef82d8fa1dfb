import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { events } from './events.ts';
import { type CleverSimulator, type CleverSimulatorOptions, createCleverSimulator } from './simulator.ts';
import { clever } from './vendor.ts';
import { idOf } from './wire/record.ts';

const dayMs = 86_400_000;
const connection = clever.api.connection.parse({}) as Parameters<NonNullable<typeof events.latest>>[0];

/** What an event says of an entity type. */
function wordsOf(entityType: EntityType, event: JsonValue) {
  const [list] = events.since?.(entityType, { from: 'a', to: 'b' }, connection, []) ?? [];
  return list?.says(event);
}

const section = {
  id: 's1',
  name: 'Algebra',
  course: 'c1',
  school: 'o1',
  teacher: 't1',
  teachers: ['t1'],
  students: ['u1', 'u2'],
};

function event(type: string, object: JsonObject, previous?: JsonObject): JsonObject {
  return {
    id: '6964a1000000000000000001',
    created: '2026-01-12T08:00:00.000Z',
    type,
    data: { object },
    ...(previous === undefined ? {} : { previous_attributes: previous }),
  };
}

describe('what an event says', () => {
  test('is the whole record, of the entity types that are read of it and no others', () => {
    const told = event('sections.updated', section, { name: 'Algebr' });

    expect(wordsOf('class', told)).toEqual([{ changed: section }]);
    expect(wordsOf('user', told)).toEqual([]);
    expect(wordsOf('class', event('sections.deleted', section))).toEqual([{ deleted: 's1' }]);
    expect(wordsOf('org', event('schools.created', { id: 'o1' }))).toEqual([{ changed: { id: 'o1' } }]);
    expect(wordsOf('org', event('resources.created', { id: 'r1' }))).toEqual([]);
  });

  test('of enrollments is who was in the section before, and then who is in it now', () => {
    const before = { students: ['u1', 'u3'], teachers: ['t1', 't2'] };
    const gone = ['s1:teacher:t1', 's1:teacher:t2', 's1:student:u1', 's1:student:u3'];
    const words = [...gone.map((id) => ({ deleted: id })), { changed: section }];

    expect(wordsOf('enrollment', event('sections.updated', section, before))).toEqual(words);
    // As older documents have it.
    const older = {
      ...event('sections.updated', section),
      data: { object: section, previous_attributes: before },
    };
    expect(wordsOf('enrollment', older)).toEqual(words);
    expect(wordsOf('enrollment', event('sections.deleted', section))).toEqual([
      { deleted: 's1:teacher:t1' },
      { deleted: 's1:student:u1' },
      { deleted: 's1:student:u2' },
    ]);
  });

  test('takes nothing out of a section or a student that cannot be read', () => {
    const broken = { ...section, students: 'many' };
    const student = { id: 'u1', roles: { student: { dob: '31/31/2011' } } };

    expect(wordsOf('enrollment', event('sections.updated', broken, { students: ['u1'] }))).toEqual([
      { changed: broken },
    ]);
    expect(wordsOf('demographics', event('users.updated', student))).toEqual([{ changed: student }]);
  });

  test.each([
    ['no object', { id: 'e1', type: 'users.updated', data: {} }],
    ['an object without an id', event('users.updated', { name: 'x' })],
    ['no type', { id: 'e1', data: { object: section } }],
    ['text', 'users.updated'],
  ])('is not known where it has %s: a record that nobody can name', (_, told) => {
    expect(wordsOf('user', told)).toEqual([{ changed: [told] }]);
    expect(clever.entities.map((entity) => entity.idOf([told]))).toEqual(
      clever.entities.map(() => undefined),
    );
  });
});

test('no events, or something else than events, name no latest one', () => {
  const told = { data: [{ data: event('users.updated', section) }], links: [] };
  expect(events.cursorIn?.(told)).toBe('6964a1000000000000000001');
  for (const strange of [{ data: [], links: [] }, {}, [], null, { data: [{}] }])
    expect(events.cursorIn?.(strange)).toBeUndefined();
});

function idIn(record: JsonObject | undefined): string {
  return idOf(record) ?? '';
}

type Stage = VendorStage<CleverSimulator>;

async function open(options: CleverSimulatorOptions = {}): Promise<Stage> {
  const stage = await openVendorStage({
    vendor: clever,
    pageSize: 50,
    createSimulator: ({ clock }) =>
      createCleverSimulator({ clock, district: { students: 20, seed: 7, assignments: 0 }, ...options }),
    connection: (simulator) => simulator.connection,
    credential: (simulator) => simulator.credential,
  });
  onTestFinished(() => stage.close());
  return stage;
}

/** A night later: what was asked for, by list and apart from that the schools whose attendance was, and how it went. */
async function night(stage: Stage) {
  stage.clock.skip(dayMs);
  stage.simulator.clearRequests();
  const outcome = await stage.sync();
  const all = stage.simulator.requests().map(({ path, query }) => `${path.replace(/^.v3.\d./, '')}?${query}`);
  const [attendance, asked] = [true, false].map((is) =>
    all.filter((one) => one.startsWith('attendance') === is),
  );
  return { ...outcome, asked: asked ?? [], attendance: attendance ?? [] };
}

function change(stage: Stage, collection: string, id: string, members: JsonObject): void {
  const record = { ...stage.simulator.record(collection, id), ...members };
  stage.simulator.edit([{ collection, op: 'put', id, record }]);
}

async function contentOf(stage: Stage) {
  return (await stage.stored()).map(({ entityType, recordId, value }) => ({ entityType, recordId, value }));
}

/** In step with a district in which something has happened already. */
async function begin(options: CleverSimulatorOptions = {}): Promise<Stage> {
  const stage = await open(options);
  stage.simulator.nextNight();
  expect((await stage.sync()).run.state).toBe('succeeded');
  return stage;
}

describe('a night', () => {
  test('without news asks for the latest event and nothing else', async () => {
    const stage = await begin({ version: '3.0' });

    const { run, asked, attendance } = await night(stage);

    expect(run.state).toBe('unchanged');
    expect(asked).toEqual(['events?ending_before=last&limit=1']);
    expect(attendance).toEqual([]);
  });

  test('reads the attendance of each school, of which there are no events, whatever else is new', async () => {
    const stage = await begin();
    const schools = (await stage.stored(undefined, 'org')).filter(({ value }) => value?.type === 'school');
    const [mark] = await stage.source(stage.entity('attendanceEvent'));
    const id = stage.entity('attendanceEvent').idOf(mark) ?? '';
    change(stage, 'attendance', id, { excuse_code: 'Field trip' });

    const { run, asked, attendance, changes } = await night(stage);

    expect(run.state).toBe('succeeded');
    expect(asked.every((one) => one.startsWith('events?'))).toBe(true);
    expect(attendance.toSorted()).toEqual(
      schools.map(({ recordId }) => `attendance/schools/${recordId}?limit=1000`).toSorted(),
    );
    expect(changes).toMatchObject([
      { action: 'update', entityType: 'attendanceEvent', recordId: id, after: { reason: 'Field trip' } },
    ]);
  });

  test('with news reads the events since then, once for all entity types, and ends as a whole fetch would', async () => {
    const stage = await begin();
    for (let nights = 0; nights < 3; nights++) {
      stage.simulator.nextNight();

      const { run, asked, changes } = await night(stage);

      expect(run.state).toBe('succeeded');
      expect(changes.length).toBeGreaterThan(10);
      expect(asked[0]).toBe('events?ending_before=last&limit=1');
      expect(asked.slice(1).every((one) => /^events\?.*starting_after=/.test(one))).toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
    }
    const followed = await contentOf(stage);
    const whole = await stage.sync({ isFull: true });
    expect(whole.changes).toEqual([]);
    expect(await contentOf(stage)).toEqual(followed);
  });

  test('finds a person who was unshared and shared again, one who moved, and demographics that were taken back', async () => {
    const stage = await begin();
    const [first, second, third] = (await stage.source(stage.entity('demographics'))).filter(({ roles }) =>
      JSON.stringify(roles).includes('"dob"'),
    );
    const id = idIn(first);
    stage.simulator.edit([{ collection: 'users', op: 'remove', id }]);
    stage.simulator.edit([{ collection: 'users', op: 'put', id, record: first as JsonObject }]);
    stage.simulator.edit([{ collection: 'users', op: 'remove', id: idIn(second) }]);
    const { student } = (third?.roles ?? {}) as { student?: JsonObject };
    const blank = { dob: '', gender: '', race: '', hispanic_ethnicity: '' };
    change(stage, 'users', idIn(third), { roles: { student: { ...student, ...blank } } });

    const { changes } = await night(stage);

    const found = changes.map(({ entityType, recordId, action }) => `${action} ${entityType} ${recordId}`);
    expect(found.filter((one) => one.endsWith(id))).toEqual([]);
    expect(found).toContain(`delete user ${idIn(second)}`);
    expect(found).toContain(`delete demographics ${idIn(second)}`);
    expect(found).toContain(`delete demographics ${idIn(third)}`);
    expect(found).not.toContain(`delete user ${idIn(third)}`);
  });

  test('after 30 days without a run reads everything, since events may be forgotten', async () => {
    const stage = await begin();
    await stage.choose({ fullSyncEveryDays: 90 });
    await stage.sync({ isFull: true });
    const [course] = await stage.source(stage.entity('course'));
    change(stage, 'courses', idIn(course), { name: 'Forgotten' });
    stage.clock.skip(29 * dayMs);
    const [, other] = await stage.source(stage.entity('course'));
    change(stage, 'courses', idIn(other), { name: 'Still known' });
    stage.clock.skip(dayMs);

    const { asked, changes } = await night(stage);

    expect(asked).toContain('users?limit=50');
    expect(changes.map(({ action, entityType }) => `${action} ${entityType}`)).toEqual([
      'update course',
      'update course',
    ]);
  });

  test.each([
    ['that was never switched on', { without: ['events'] as const }],
    ['that is refused', { faults: ['GET /v3.1/events: 400 times=always'] }],
    ['that is refused to this application', { faults: ['GET /v3.1/events: 403 times=always'] }],
  ])('with an Events API %s reads everything', async (_, options) => {
    const stage = await begin(options);

    const { run, asked } = await night(stage);

    expect(run.state).toBe('succeeded');
    expect(asked).toContain('users?limit=50');
    // Once: nothing of it is tried again.
    expect(asked.filter((one) => one.startsWith('events'))).toHaveLength(1);
  });

  test('with an event that nobody can read leaves the rest as it is, and is followed by a whole fetch', async () => {
    const stage = await begin();
    const before = await contentOf(stage);
    stage.simulator.nextNight({
      renamed: 1,
      transferred: 0,
      enrolled: 0,
      withdrawn: 0,
      rooms: 0,
      marked: 0,
      excused: 0,
    });
    stage.tap.tamper((response, { url }) => {
      if (!url.search.includes('starting_after')) return response;
      const text = new TextDecoder().decode(response.body).replaceAll('"object"', '"thing"');
      return { ...response, body: new TextEncoder().encode(text) };
    });

    const { run } = await night(stage);

    expect(run.state).toBe('partial');
    expect(await contentOf(stage)).toEqual(before);
    stage.tap.tamper(undefined);
    const next = await night(stage);
    expect(next.asked).toContain('users?limit=50');
    expect(next.changes.map(({ entityType, action }) => `${action} ${entityType}`)).toEqual(['update user']);
  });
});
