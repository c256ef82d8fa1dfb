import { readFileSync } from 'node:fs';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadStandard } from './simulator/standard.ts';
import { createEdFiSimulator, type EdFiSimulatorOptions } from './simulator.ts';
import { keys } from './wire/resources.ts';

/** As the host sends it; the tests read these as texts. */
interface Reference extends JsonObject {
  readonly studentUniqueId: string;
  readonly link: { readonly rel: string; readonly href: string };
}
interface Shown extends JsonObject {
  readonly id: string;
  readonly _etag: string;
  readonly sectionIdentifier: string;
  readonly studentReference: Reference;
  readonly sectionReference: Reference;
  readonly gradebookEntryReference: Reference;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject & { readonly access_token: string };
  readonly list: readonly Shown[];
}

async function open(options: EdFiSimulatorOptions = {}) {
  const district = { students: 20, assignments: 6, attendance: 12, assessmentResults: 8 };
  const simulator = createEdFiSimulator({ district, ...options });
  onTestFinished(() => simulator.close());
  await simulator.listen();
  const { clientId, clientSecret } = simulator.credential as { clientId: string; clientSecret: string };

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${simulator.origin}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text === '' ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: json, list: json } as Answer;
  }

  let token = '';
  const granted = await ask('POST', '/oauth/token', 'grant_type=client_credentials', {
    Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  expect(granted.body).toMatchObject({ token_type: 'bearer', expires_in: 1800 });
  token = granted.body.access_token;
  const data = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    ask(method, `/data/v3/ed-fi/${path}`, body, headers);
  async function first(resource: string): Promise<Shown> {
    const [one] = (await data('GET', resource)).list;
    if (one === undefined) throw new RangeError(`There are no ${resource}`);
    return one;
  }
  return { simulator, ask, data, first };
}

/** Without what the host adds. */
function sent(shown: JsonObject): JsonObject {
  const { id: _, _etag, _lastModifiedDate, ...record } = shown;
  return record;
}

describe.each(['7.3', '6.1'] as const)('a host of version %s', (version) => {
  const { dataStandard, resources } = loadStandard(version);
  const parts = `../fixtures/ed-fi-ds-${dataStandard.slice(0, 3)}-schema-parts.json`;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormatsModule.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync(new URL(parts, import.meta.url), 'utf8')), 'ed-fi');

  test('shows records of every resource as the official schema has them', async () => {
    const { data } = await open({ version });
    for (const { name, entity } of resources.values()) {
      const { status, list } = await data('GET', `${name}?limit=500`);
      expect(status).toBe(200);
      expect(list.length, name).toBeGreaterThan(0);
      const schema = `edFi_${entity.charAt(0).toLowerCase()}${entity.slice(1)}`;
      const check = ajv.compile({ type: 'array', items: { $ref: `ed-fi#/$defs/${schema}` } });
      // Data Standard 4 does not list the date, which hosts of 6 send nevertheless.
      const shown = version === '7.3' ? list : list.map(({ _lastModifiedDate, ...record }) => record);
      expect(check(shown), `${name}: ${ajv.errorsText(check.errors)}`).toBe(true);
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    }
  });

  test('has the natural keys by which we know its records', () => {
    for (const [resource, key] of Object.entries(keys)) {
      const official = resources.get(resource)?.key;
      // The student's alone is ours: what is read there is theirs, whichever organization says it.
      if (official === undefined || resource === 'studentEducationOrganizationAssociations') continue;
      const needed = key.replace(/=\w+|\w+(?=\{)/g, ' ').match(/[\w|?]+/g) ?? [];
      const names = needed.filter((name) => !name.endsWith('?') || official.includes(name.replace('?', '')));
      const found = names.map((name) => {
        const choices = name.replace('?', '').split('|');
        return choices.find((one) => official.includes(one));
      });
      expect(new Set(found), resource).toEqual(new Set(official));
    }
  });
});

describe('reading', () => {
  test('needs a token, and says so in the shape of problem details', async () => {
    const { data } = await open();
    const { status, body } = await data('GET', 'students', undefined, { Authorization: 'Bearer nobody' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ type: 'urn:ed-fi:api:security:authentication', status: 401 });
  });

  test('is cut by offset and limit, 25 at a time unless asked, and counts where it is asked to', async () => {
    const { data } = await open();
    expect((await data('GET', 'studentSectionAssociations')).list).toHaveLength(25);
    const page = await data('GET', 'students?offset=17&limit=5&totalCount=true');
    expect(page.list).toHaveLength(3);
    expect(page.headers.get('total-count')).toBe('20');
    const count = await data('GET', 'students?limit=0&totalCount=true');
    expect([count.list.length, count.headers.get('total-count')]).toEqual([0, '20']);
  });

  test.each(['limit=501', 'limit=-1', 'offset=x', 'minChangeVersion=-1', 'colour=red'])(
    'refuses %s',
    async (query) => {
      const { data } = await open();
      expect((await data('GET', `students?${query}`)).status).toBe(400);
    },
  );

  test('says what is wrong with a limit in the words of the platform', async () => {
    const { data } = await open();
    expect((await data('GET', 'students?limit=501')).body).toMatchObject({
      detail: 'The limit parameter was incorrect.',
      type: 'urn:ed-fi:api:bad-request:parameter-validation-failed',
      errors: ['Limit must be omitted or set to a value between 0 and 500.'],
    });
    const older = await open({ version: '6.1' });
    expect((await older.data('GET', 'students?limit=501')).body).toEqual({
      message:
        'The limit parameter was incorrect.\nLimit must be omitted or set to a value between 0 and 500.',
    });
  });

  test('filters by members of the key, also by those in references', async () => {
    const { data, first } = await open();
    const { studentReference } = await first('studentSectionAssociations');
    const { list } = await data(
      'GET',
      `studentSectionAssociations?studentUniqueId=${studentReference.studentUniqueId}`,
    );
    expect(list.length).toBeGreaterThan(0);
    expect(new Set(list.map((one) => one.studentReference.studentUniqueId))).toEqual(
      new Set([studentReference.studentUniqueId]),
    );
  });

  test('gives one record by its id, and nothing but 304 to whoever has its etag', async () => {
    const { data, first } = await open();
    const student = await first('students');
    const { body, headers } = await data('GET', `students/${student.id}`);
    expect(body).toEqual(student);
    const again = await data('GET', `students/${student.id}`, undefined, {
      'If-None-Match': headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
    expect((await data('GET', 'students/0123456789abcdef0123456789abcdef')).status).toBe(404);
  });

  test('names references twice: by natural key, and by a link that leads there', async () => {
    const { ask, first } = await open();
    const { sectionReference } = await first('studentSectionAssociations');
    const { rel, href } = sectionReference.link;
    expect(rel).toBe('Section');
    expect((await ask('GET', `/data/v3${href}`)).body).toMatchObject({
      sectionIdentifier: sectionReference.sectionIdentifier,
    });
  });
});

describe('writing', () => {
  test('of the same key twice creates and then updates, with the place of the one record', async () => {
    const { data, first } = await open();
    const entry = { ...sent(await first('gradebookEntries')), gradebookEntryIdentifier: 'new-1' };
    const created = await data('POST', 'gradebookEntries', entry);
    const updated = await data('POST', 'gradebookEntries', { ...entry, title: 'Again' });
    expect([created.status, updated.status]).toEqual([201, 200]);
    expect(created.headers.get('location')).toMatch(/\/data\/v3\/ed-fi\/gradebookEntries\/[\da-f]{32}$/);
    expect(updated.headers.get('location')).toBe(created.headers.get('location'));
    expect(updated.headers.get('etag')).not.toBe(created.headers.get('etag'));
    expect((await data('GET', 'gradebookEntries?gradebookEntryIdentifier=new-1')).list).toMatchObject([
      { title: 'Again' },
    ]);
  });

  test('refuses a reference to nobody, an unknown descriptor, an id, members that lack or are too long', async () => {
    const { data, first } = await open();
    const entry = { ...sent(await first('gradebookEntries')), gradebookEntryIdentifier: 'new-1' };
    const post = async (change: JsonObject) =>
      await data('POST', 'gradebookEntries', { ...entry, ...change });
    const section = { ...((entry as JsonObject).sectionReference as JsonObject), sectionIdentifier: 'none' };
    const lost = await post({ sectionReference: section });
    expect(lost.status).toBe(409);
    expect(lost.body).toEqual({
      detail: "The referenced 'Section' item does not exist.",
      type: 'urn:ed-fi:api:data-conflict:unresolved-reference',
      title: 'Unresolved Reference',
      status: 409,
      correlationId: expect.stringMatching(/^[\da-f]{32}$/),
    });
    const type = 'uri://ed-fi.org/GradebookEntryTypeDescriptor#Nothing';
    expect((await post({ gradebookEntryTypeDescriptor: type })).body).toMatchObject({
      type: 'urn:ed-fi:api:bad-request:data-validation-failed',
      validationErrors: {
        '$.gradebookEntryTypeDescriptor': [`GradebookEntryTypeDescriptor value '${type}' does not exist.`],
      },
    });
    expect((await post({ id: 'a'.repeat(32) })).body.errors).toEqual([
      "Resource identifiers cannot be assigned by the client. The 'id' property should not be included in the request body.",
    ]);
    const { title: _, ...untitled } = entry as JsonObject;
    const wrong = await data('POST', 'gradebookEntries', {
      ...untitled,
      sourceSectionIdentifier: 'x'.repeat(300),
    });
    expect(wrong.body.validationErrors).toEqual({
      '$.title': ['Title is required.'],
      '$.sourceSectionIdentifier': [
        'SourceSectionIdentifier must be between 1 and 255 characters in length.',
      ],
    });
    expect((await data('POST', 'gradebookEntries', 'title=x', { 'Content-Type': 'text/plain' })).status).toBe(
      415,
    );
  });

  test('replaces the whole record, and only what the client has seen', async () => {
    const { data, first } = await open();
    const { id, _etag, ...entry } = await first('gradebookEntries');
    const { dueDate: _, dueTime: __, ...undated } = sent(entry);
    const place = `gradebookEntries/${id}`;
    const headers = { 'If-Match': `"${_etag}"` };
    expect((await data('PUT', place, undated, headers)).status).toBe(204);
    expect((await data('GET', place)).body.dueDate).toBeUndefined();
    const late = await data('PUT', place, undated, headers);
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({
      detail: 'The item has been modified by another user.',
      type: 'urn:ed-fi:api:optimistic-lock-failed',
    });
    expect((await data('DELETE', place, undefined, headers)).status).toBe(412);
  });

  test('deletes what nothing refers to, tells of it, and gives another id to whoever sends it again', async () => {
    const { ask, data, first } = await open();
    const { id, ...score } = await first('studentGradebookEntries');
    const entry = score.gradebookEntryReference.link.href;
    const refused = await ask('DELETE', `/data/v3${entry}`);
    expect(refused.body).toMatchObject({
      detail:
        "The requested action cannot be performed because this item is referenced by an existing 'StudentGradebookEntry' item.",
      type: 'urn:ed-fi:api:data-conflict:dependent-item-exists',
    });
    const { body: versions } = await ask('GET', '/changeQueries/v1/availableChangeVersions');
    expect((await data('DELETE', `studentGradebookEntries/${id}`)).status).toBe(204);
    const since = `minChangeVersion=${Number(versions.newestChangeVersion) + 1}`;
    expect((await data('GET', `studentGradebookEntries/deletes?${since}`)).list).toEqual([
      {
        id,
        changeVersion: Number(versions.newestChangeVersion) + 1,
        keyValues: {
          gradebookEntryIdentifier: score.gradebookEntryReference.gradebookEntryIdentifier,
          namespace: 'uri://maplevalley.example',
          studentUniqueId: score.studentReference.studentUniqueId,
        },
      },
    ]);
    const again = await data('POST', 'studentGradebookEntries', sent(score));
    expect(again.headers.get('location')).not.toContain(String(id));
    expect((await data('GET', `studentGradebookEntries?${since}`)).list).toHaveLength(1);
  });

  test('changes keys only where the standard lets it, and all that refers to the record follows', async () => {
    const { data, first } = await open();
    const { id, ...section } = await first('sections');
    const from = String(section.sectionIdentifier);
    const there = await data('GET', `studentSectionAssociations?sectionIdentifier=${from}`);
    expect(
      (await data('PUT', `sections/${id}`, { ...sent(section), sectionIdentifier: 'moved' })).status,
    ).toBe(204);
    expect((await data('GET', `sections/${id}`)).body.sectionIdentifier).toBe('moved');
    expect((await data('GET', 'sections/keyChanges')).list).toMatchObject([
      { id, oldKeyValues: { sectionIdentifier: from }, newKeyValues: { sectionIdentifier: 'moved' } },
    ]);
    expect((await data('GET', 'sections/deletes')).list).toEqual([]);
    expect((await data('GET', 'studentSectionAssociations?sectionIdentifier=moved')).list).toHaveLength(
      there.list.length,
    );
    const { id: studentId, ...student } = await first('students');
    const refused = await data('PUT', `students/${studentId}`, {
      ...sent(student),
      studentUniqueId: 'other',
    });
    expect(refused.body).toMatchObject({
      detail:
        'Identifying values for the Student item cannot be changed. Delete and recreate the item instead.',
      type: 'urn:ed-fi:api:bad-request:data-validation-failed:key-change-not-supported',
    });
  });
});

test('the dependencies say in which order records can be loaded', async () => {
  const { ask } = await open();
  const { list } = await ask('GET', '/metadata/data/v3/dependencies');
  const names = list.map(({ resource }) => resource);
  expect(names.indexOf('/ed-fi/schools')).toBeLessThan(names.indexOf('/ed-fi/sessions'));
  expect(names.indexOf('/ed-fi/sections')).toBeLessThan(names.indexOf('/ed-fi/studentSectionAssociations'));
});
