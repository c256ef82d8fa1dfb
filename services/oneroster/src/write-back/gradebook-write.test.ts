import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { type EntityValue, entityTypeFacts } from '@flotilla/substrate/model';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { categories } from '../entities/categories.ts';
import { lineItems } from '../entities/line-items.ts';
import { results } from '../entities/results.ts';
import { Connection } from '../paths.ts';

const schemas = JSON.parse(
  readFileSync(new URL('../../fixtures/oneroster-1p2-schema-parts.json', import.meta.url), 'utf8'),
) as { readonly $defs: Readonly<Record<string, { readonly properties?: object }>> };
const ajv = new Ajv({ strict: false, allErrors: true });
addFormatsModule.default(ajv);
ajv.addSchema(schemas, 'oneroster');

const categoryWrite = categories.write ?? expect.fail();
const lineItemWrite = lineItems.write ?? expect.fail();
const resultWrite = results.write ?? expect.fail();

const newer = Connection.parse({ baseUrl: 'https://sis.example/d9' });
const older = Connection.parse({ baseUrl: 'https://sis.example/d9', version: '1.1' });
const gra = '/ims/oneroster/gradebook/v1p2';
const old = '/ims/oneroster/v1p1';

const item: EntityValue<'lineItem'> = {
  status: 'active',
  title: 'Essay',
  description: 'Two pages',
  assignDate: '2026-01-05T08:00:00-08:00',
  dueDate: '2026-01-09T23:59:00Z',
  classSourcedId: 'cls 1',
  categorySourcedId: 'cat-1',
  schoolSourcedId: 's-1',
  gradingPeriodSourcedId: 'gp-1',
  academicSessionSourcedId: 't-1',
  scoreScaleSourcedId: 'sc-1',
  resultValueMin: 0,
  resultValueMax: 10.5,
  metadata: { 'sis.color': 'blue' },
};

const result: EntityValue<'result'> = {
  status: 'active',
  lineItemSourcedId: 'li-1',
  studentSourcedId: 'u-1',
  classSourcedId: 'cls-1',
  scoreScaleSourcedId: 'sc-1',
  scoreStatus: 'fully graded',
  score: 0,
  textScore: 'F',
  scoreDate: '2026-01-12',
  comment: 'See me',
  inProgress: false,
  incomplete: false,
  late: true,
  missing: false,
};

const category: EntityValue<'category'> = { status: 'active', title: 'Tests', weight: 35 };

function schemaErrors(name: string, value: JsonValue | undefined): readonly string[] {
  const validate = ajv.getSchema(`oneroster#/$defs/${name}`);
  if (validate === undefined) throw new RangeError(name);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What a push says besides; nothing here goes by it. */
const described = { idempotencyKey: 'k'.repeat(43), changed: [] } as const;

/** The object in a request's body, single or the only one of a set. */
function objectIn(json: JsonValue | undefined): JsonObject {
  const [inside] = Object.values(json as JsonObject);
  return (Array.isArray(inside) ? inside[0] : inside) as JsonObject;
}

describe('a new object', () => {
  test('is posted in 1.2 to the set that it belongs to, as the schema has it, under an id that is to be replaced', () => {
    const lineItem = lineItemWrite.create?.({ ...described, id: 'ours-1', value: item }, newer);
    expect(lineItem).toMatchObject({ method: 'POST', path: `${gra}/classes/cls%201/lineItems` });
    expect(schemaErrors('LineItemSetDType', lineItem?.json)).toEqual([]);
    expect(objectIn(lineItem?.json).sourcedId).toBe('ours-1');

    const score = resultWrite.create?.({ ...described, id: 'ours-2', value: result }, newer);
    expect(score).toMatchObject({ method: 'POST', path: `${gra}/lineItems/li-1/results` });
    expect(schemaErrors('ResultSetDType', score?.json)).toEqual([]);
    expect(objectIn(score?.json)).toEqual({
      sourcedId: 'ours-2',
      status: 'active',
      dateLastModified: '2026-01-12T00:00:00.000Z',
      lineItem: { href: `https://sis.example/d9${gra}/lineItems/li-1`, sourcedId: 'li-1', type: 'lineItem' },
      student: {
        href: 'https://sis.example/d9/ims/oneroster/rostering/v1p2/users/u-1',
        sourcedId: 'u-1',
        type: 'user',
      },
      class: {
        href: 'https://sis.example/d9/ims/oneroster/rostering/v1p2/classes/cls-1',
        sourcedId: 'cls-1',
        type: 'class',
      },
      scoreScale: {
        href: `https://sis.example/d9${gra}/scoreScales/sc-1`,
        sourcedId: 'sc-1',
        type: 'scoreScale',
      },
      scoreStatus: 'fully graded',
      score: 0,
      textScore: 'F',
      scoreDate: '2026-01-12',
      comment: 'See me',
      inProgress: 'false',
      incomplete: 'false',
      late: 'true',
      missing: 'false',
    });
  });

  test('is put in 1.1 under our id, without what only 1.2 knows', () => {
    const lineItem = lineItemWrite.create?.({ ...described, id: 'ours/1', value: item }, older);
    expect(lineItem).toMatchObject({ method: 'PUT', path: `${old}/lineItems/ours%2F1` });
    expect(Object.keys(objectIn(lineItem?.json)).toSorted()).toEqual([
      'assignDate',
      'category',
      'class',
      'dateLastModified',
      'description',
      'dueDate',
      'gradingPeriod',
      'metadata',
      'resultValueMax',
      'resultValueMin',
      'sourcedId',
      'status',
      'title',
    ]);
    expect(objectIn(lineItem?.json).gradingPeriod).toEqual({
      href: `https://sis.example/d9${old}/academicSessions/gp-1`,
      sourcedId: 'gp-1',
      type: 'academicSession',
    });

    const score = resultWrite.create?.({ ...described, id: 'ours-2', value: result }, older);
    expect(score).toMatchObject({ method: 'PUT', path: `${old}/results/ours-2` });
    expect(Object.keys(objectIn(score?.json)).toSorted()).toEqual([
      'comment',
      'dateLastModified',
      'lineItem',
      'score',
      'scoreDate',
      'scoreStatus',
      'sourcedId',
      'status',
      'student',
    ]);
  });

  test('of a category is put in both versions: there is no call that lets the server choose its id', () => {
    const record = { ...described, id: 'cat-9', value: category };
    expect(categoryWrite.create?.(record, newer)).toEqual({
      method: 'PUT',
      path: `${gra}/categories/cat-9`,
      json: {
        category: {
          sourcedId: 'cat-9',
          status: 'active',
          dateLastModified: '1970-01-01T00:00:00.000Z',
          title: 'Tests',
          weight: 35,
        },
      },
    });
    expect(objectIn(categoryWrite.create?.(record, older).json)).not.toHaveProperty('weight');
    expect(categoryWrite.assignment).toBeUndefined();
  });
});

describe('a changed object', () => {
  const latest = {
    sourcedId: 'r-1',
    status: 'active',
    dateLastModified: '2026-03-01T09:00:00+01:00',
    lineItem: { href: 'http://inside.example/li-1', sourcedId: 'li-1', type: 'lineItem' },
    student: { href: 'http://inside.example/u-1', sourcedId: 'u-1', type: 'student' },
    scoreStatus: 'fully graded',
    score: 7,
    scoreDate: '2026-02-28',
    comment: 'Before',
    textScore: 'C',
    late: false,
    learningObjectiveSet: [
      { source: 'case', learningObjectiveResults: [{ learningObjectiveId: 'o-1', score: 3 }] },
    ],
  };
  const { comment: _, ...silent } = result;

  test("is put whole: what we do not map stays the vendor's, what we map is ours, absence included", () => {
    const request = resultWrite.update?.({ ...described, id: 'r-1', value: silent, latest }, newer);

    expect(request).toMatchObject({ method: 'PUT', path: `${gra}/results/r-1` });
    expect(schemaErrors('SingleResultDType', request?.json)).toEqual([]);
    const object = objectIn(request?.json);
    expect(object).toMatchObject({
      learningObjectiveSet: latest.learningObjectiveSet,
      score: 0,
      late: 'true',
      student: { type: 'user' },
    });
    expect(object).not.toHaveProperty('comment');
  });

  test('of 1.1 keeps what that version does not know as the vendor has it', () => {
    const object = objectIn(
      resultWrite.update?.({ ...described, id: 'r-1', value: silent, latest }, older).json,
    );
    expect(object).toMatchObject({ textScore: 'C', late: false, score: 0 });
    expect(object).not.toHaveProperty('comment');
  });

  test('has the latest of the dates that are known, in UTC', () => {
    const dated = (ours: string | undefined, theirs: unknown, at?: string) =>
      objectIn(
        resultWrite.update?.(
          {
            ...described,
            id: 'r-1',
            value: ours === undefined ? result : { ...result, dateLastModified: ours },
            latest: { ...latest, dateLastModified: theirs as JsonValue },
            ...(at === undefined ? {} : { at }),
          },
          newer,
        ).json,
      ).dateLastModified;
    expect(dated(undefined, '2026-03-01T09:00:00+01:00')).toBe('2026-03-01T08:00:00.000Z');
    expect(dated('2026-03-01T08:30:00Z', '2026-03-01T09:00:00+01:00')).toBe('2026-03-01T08:30:00.000Z');
    expect(dated('2026-02-01T08:30:00Z', '2026-03-01')).toBe('2026-03-01T00:00:00.000Z');
    expect(dated('2026-02-01T08:30:00Z', 'yesterday')).toBe('2026-02-01T08:30:00.000Z');
    expect(dated(undefined, null)).toBe('2026-01-12T00:00:00.000Z');
    expect(dated('2026-02-01T08:30:00Z', '2026-03-01', '2026-03-02T10:00:00.000Z')).toBe(
      '2026-03-02T10:00:00.000Z',
    );
    // A vendor whose clock is ahead of ours is not told that its record became older.
    expect(dated(undefined, '2026-03-03', '2026-03-02T10:00:00.000Z')).toBe('2026-03-03T00:00:00.000Z');
  });

  test.each([
    ['active', '1.2', 'active'],
    ['tobedeleted', '1.2', 'active'],
    ['inactive', '1.2', 'active'],
    ['Inactive', '1.1', 'inactive'],
    ['tobedeleted', '1.1', 'active'],
    [null, '1.1', 'active'],
  ])('with the status %j is written in %s as %s', (status, version, written) => {
    const connection = version === '1.1' ? older : newer;
    const record = { ...described, id: 'r-1', value: result, latest: { ...latest, status } };
    expect(objectIn(resultWrite.update?.(record, connection).json).status).toBe(written);
  });

  test("is not what it was made from: neither value nor the vendor's record is touched", () => {
    const frozen = Object.freeze({ ...latest });
    resultWrite.update?.(
      { ...described, id: 'r-1', value: Object.freeze({ ...silent }), latest: frozen },
      newer,
    );
    expect(frozen).toEqual(latest);
  });
});

test.each([
  ['1.2', newer, gra],
  ['1.1', older, old],
])('an object that goes is deleted by its id in %s', (_version, connection, root) => {
  const requests = [
    categoryWrite.remove?.({ ...described, id: 'a/b', value: category }, connection),
    lineItemWrite.remove?.({ ...described, id: 'a/b', value: item }, connection),
    resultWrite.remove?.({ ...described, id: 'a/b', value: result }, connection),
  ];
  expect(requests).toEqual(
    ['categories', 'lineItems', 'results'].map((collection) => ({
      method: 'DELETE',
      path: `${root}/${collection}/a%2Fb`,
    })),
  );
});

test("what can be written is all that the canonical records have, but for what is the server's, and all of it is sent in 1.2", () => {
  for (const [entityType, write] of [
    ['lineItem', lineItemWrite],
    ['result', resultWrite],
    ['category', categoryWrite],
  ] as const) {
    const canonical = Object.keys(entityTypeFacts(entityType).schema.shape);
    const taken = canonical.filter((name) => name !== 'status' && name !== 'dateLastModified');
    expect(new Set<string>(write.members)).toEqual(new Set(taken));
  }
  const metadata = { 'sis.color': 'blue' };
  const bodies = [
    ['LineItemDType', lineItemWrite.create?.({ ...described, id: 'x', value: { ...item, metadata } }, newer)],
    ['ResultDType', resultWrite.create?.({ ...described, id: 'x', value: { ...result, metadata } }, newer)],
    [
      'CategoryDType',
      categoryWrite.create?.({ ...described, id: 'x', value: { ...category, metadata } }, newer),
    ],
  ] as const;
  for (const [name, request] of bodies) {
    const mapped = Object.keys(schemas.$defs[name]?.properties ?? {});
    expect(Object.keys(objectIn(request?.json)).toSorted()).toEqual(
      mapped.filter((member) => member !== 'learningObjectiveSet').toSorted(),
    );
  }
});

describe('the id that the server gave', () => {
  const idIn = (answer: JsonValue) => resultWrite.assignment?.idIn(answer, { id: 'ours-1' });

  test.each<[string, JsonValue]>([
    [
      'among the pairs, whose order means nothing',
      {
        sourcedIdPairs: [
          { suppliedSourcedId: 'ours-0', allocatedSourcedId: 'theirs-0' },
          { suppliedSourcedId: 'ours-1', allocatedSourcedId: 'theirs-1' },
        ],
      },
    ],
    [
      'in a pair without a list around it',
      { sourcedIdPairs: { suppliedSourcedId: 'ours-1', allocatedSourcedId: 'theirs-1' } },
    ],
  ])('is found %s', (_where, answer) => {
    expect(idIn(answer)).toBe('theirs-1');
  });

  test.each<[JsonValue]>([
    [null],
    [''],
    [{}],
    [[]],
    [{ sourcedIdPairs: [] }],
    [{ sourcedIdPairs: null }],
    [{ sourcedIdPairs: [null, 'x', { suppliedSourcedId: 'ours-1' }] }],
    [{ sourcedIdPairs: [{ suppliedSourcedId: 'ours-1', allocatedSourcedId: '' }] }],
    [{ sourcedIdPairs: [{ suppliedSourcedId: 'ours-2', allocatedSourcedId: 'theirs-2' }] }],
  ])('is not made up from %j', (answer) => {
    expect(idIn(answer)).toBeUndefined();
  });
});

describe('an object whose answer was lost', () => {
  const { classSourcedId: _, ...classless } = result;

  test('would be in the set that it was posted to', () => {
    expect(lineItemWrite.assignment?.where({ ...described, id: 'ours-1', value: item }, newer)).toEqual({
      path: `${gra}/classes/cls%201/lineItems`,
      member: 'lineItems',
    });
    expect(resultWrite.assignment?.where({ ...described, id: 'ours-1', value: result }, newer)).toEqual({
      path: `${gra}/classes/cls-1/lineItems/li-1/results`,
      member: 'results',
    });
  });

  test('is known by what no server changes: whose result of what, which title in which class', () => {
    expect(resultWrite.assignment?.identity).toEqual(['lineItemSourcedId', 'studentSourcedId']);
    expect(lineItemWrite.assignment?.identity).toEqual(['classSourcedId', 'categorySourcedId', 'title']);
  });

  test('is looked for among all results of its line item where its class is not known', () => {
    expect(resultWrite.assignment?.where({ ...described, id: 'ours-1', value: classless }, newer)).toEqual({
      path: `${gra}/results`,
      member: 'results',
      query: { filter: "lineItem.sourcedId='li-1'" },
    });
    const odd = { ...classless, lineItemSourcedId: "o'item" };
    expect(resultWrite.assignment?.where({ ...described, id: 'ours-1', value: odd }, newer)).toEqual({
      path: `${gra}/results`,
      member: 'results',
    });
  });
});

test.each([
  ['lineItem', lineItemWrite, ['schoolSourcedId', 'academicSessionSourcedId', 'scoreScaleSourcedId']],
  [
    'result',
    resultWrite,
    ['classSourcedId', 'scoreScaleSourcedId', 'textScore', 'inProgress', 'incomplete', 'late', 'missing'],
  ],
  ['category', categoryWrite, ['weight']],
] as const)('1.1 gives a %s no id and takes less of it', (_entityType, write, lacking) => {
  const known = write.members.filter((member) => !lacking.some((name) => name === member));
  expect(write.under?.(older)).toEqual({ members: known });
  expect(write.under?.(newer).members).toEqual(write.members);
  expect(write.under?.(newer).assignment).toBe(write.assignment);
});
