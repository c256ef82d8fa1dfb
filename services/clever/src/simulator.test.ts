import { readFileSync } from 'node:fs';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CleverSimulatorOptions, createCleverSimulator } from './simulator.ts';

interface Schema {
  readonly properties?: object;
}
type Schemas = Record<'3.0' | '3.1', { readonly $defs: Readonly<Record<string, Schema>> }>;
const file = readFileSync(new URL('../fixtures/clever-3-schema-parts.json', import.meta.url), 'utf8');
const schemas = JSON.parse(file) as Schemas;

/** Clever's own schemas, each of which has to know every member. */
function readSchemas(version: '3.0' | '3.1'): Ajv {
  // Of 3.0 there is what differs; an event is told from others by its type, and only that schema knows all of its members.
  const all = version === '3.0' ? { ...schemas['3.1'].$defs, ...schemas['3.0'].$defs } : schemas['3.1'].$defs;
  const strict = Object.entries(all).map(([key, schema]) => [
    key,
    schema.properties === undefined || key === 'Event' ? schema : { ...schema, additionalProperties: false },
  ]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('datetime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$|^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat('mongo-id', /^[0-9a-f]{24}$/);
  return ajv.addSchema({ $defs: Object.fromEntries(strict) as object }, 'clever');
}

const readers = { '3.0': readSchemas('3.0'), '3.1': readSchemas('3.1') };

function schemaErrors(version: '3.0' | '3.1', name: string, json: unknown): readonly string[] {
  const validate = readers[version].getSchema(`clever#/$defs/${name}`);
  if (validate === undefined) throw new RangeError(name);
  if (validate(json) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

interface Item {
  readonly data: { readonly [name: string]: unknown; readonly id: string };
  readonly uri: string;
}

interface Body {
  readonly data: readonly Item[];
  readonly links: readonly { readonly rel: string; readonly uri: string }[];
  readonly message?: string;
  readonly count?: number;
}

async function open(options: CleverSimulatorOptions = {}) {
  const clock = createManualClock(Date.UTC(2026, 0, 12));
  const simulator = createCleverSimulator({ clock, district: { students: 12 }, ...options });
  await simulator.listen();
  onTestFinished(() => simulator.close());
  const { token } = simulator.credential as { token: string };

  async function get(path: string, authorization = `Bearer ${token}`) {
    const response = await fetch(simulator.origin + path, { headers: { authorization } });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    return { status: response.status, headers: response.headers, text, body };
  }

  async function ids(path: string): Promise<readonly string[]> {
    return (await get(path)).body.data.map(({ data }) => data.id);
  }

  return { clock, simulator, get, ids };
}

describe.each(['3.0', '3.1'] as const)('every answer of %s fits the official schema', (version) => {
  const root = `/v${version}`;

  test.each([
    ['districts', 'District'],
    ['schools', 'School'],
    ['terms', 'Term'],
    ['courses', 'Course'],
    ['sections', 'Section'],
    ['users', 'User'],
    ['resources', 'Resource'],
  ])('list and record of %s', async (name, schema) => {
    const { get } = await open();
    const list = await get(`${root}/${name}`);
    expect(list.status).toBe(200);
    expect(schemaErrors(version, `${schema}sResponse`, withoutUri(list.body))).toEqual([]);
    const [first] = list.body.data;
    if (first === undefined) return expect(name).toBe('resources');
    const one = await get(first.uri);
    expect(one.body).toEqual({ data: first.data });
    expect(schemaErrors(version, `${schema}Response`, one.body)).toEqual([]);
  });

  test('events of every kind', async () => {
    const { simulator, get } = await open();
    simulator.nextNight();
    for (const collection of ['districts', 'schools', 'terms', 'courses', 'sections', 'users']) {
      const [first] = (await get(`${root}/${collection}`)).body.data;
      const record = { ...simulator.record(collection, first?.data.id ?? ''), name: 'Another' };
      const named =
        collection === 'users' ? { ...record, email: 'a@b.example', name: { first: 'A' } } : record;
      simulator.edit([{ collection, op: 'put', id: first?.data.id ?? '', record: named }]);
    }

    const { body } = await get(`${root}/events?limit=10000`);

    const types = body.data.map(({ data }) => String(data.type));
    expect(new Set(types)).toEqual(
      new Set([
        'users.created',
        'users.updated',
        'users.deleted',
        ...['sections', 'districts', 'schools', 'terms', 'courses'].map((name) => `${name}.updated`),
      ]),
    );
    for (const { data } of body.data) expect(schemaErrors(version, String(data.type), data)).toEqual([]);
    const [first] = body.data;
    expect((await get(first?.uri ?? '')).body).toEqual({ data: first?.data });
  });

  test('lists and records below a record', async () => {
    const { get } = await open();
    const firstOf = async (name: string) => (await get(`${root}/${name}`)).body.data[0]?.uri;
    const below = {
      schools: ['courses', 'sections', 'terms', 'users?role=student', 'users?primary=true', 'district'],
      sections: ['users', 'users?role=teacher', 'course', 'school', 'term', 'resources', 'district'],
      courses: ['sections', 'schools', 'resources', 'district'],
      terms: ['schools', 'sections', 'district'],
      users: ['sections', 'schools', 'mycontacts', 'mystudents', 'myteachers', 'resources', 'district'],
    };
    for (const [name, views] of Object.entries(below)) {
      for (const view of views) {
        const { status, body } = await get(`${await firstOf(name)}/${view}`);
        const isList = Array.isArray(body.data);
        const single = schemaOf[view.split('?')[0] ?? ''] ?? '';
        expect([`${name}/${view}`, status]).toEqual([`${name}/${view}`, 200]);
        const schema = `${single}${isList ? 's' : ''}Response`;
        expect(schemaErrors(version, schema, isList ? withoutUri(body) : body)).toEqual([]);
      }
    }
  });
});

const schemaOf: Readonly<Record<string, string>> = {
  courses: 'Course',
  course: 'Course',
  sections: 'Section',
  terms: 'Term',
  term: 'Term',
  users: 'User',
  mycontacts: 'User',
  mystudents: 'User',
  myteachers: 'User',
  schools: 'School',
  school: 'School',
  district: 'District',
  resources: 'Resource',
};

/** The documents that Clever publishes do not know the `uri` beside a record; every one of its examples has it. */
function withoutUri({ data, links }: Body): object {
  return { data: data.map(({ data: record }) => ({ data: record })), links };
}
