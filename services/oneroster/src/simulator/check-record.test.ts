import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { checkRecord } from './check-record.ts';
import { type CollectionName, collectionsOf } from './wire-fields.ts';

const schemas = JSON.parse(
  readFileSync(new URL('../../fixtures/oneroster-1p2-schema-parts.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv({ strict: false });
addFormatsModule.default(ajv);
ajv.addSchema(schemas, 'oneroster');

function ref(type: string): JsonObject {
  return { href: `https://sis.example/${type}s/x`, sourcedId: 'x', type };
}

const head = {
  sourcedId: 'x',
  status: 'active',
  dateLastModified: '2026-01-12T08:00:00.000Z',
  metadata: { 'sis.color': 'blue' },
};
const objectives = [{ source: 'case', learningObjectiveIds: ['o-1'] }];
const scored = {
  score: 7.5,
  textScore: 'B',
  scoreDate: '2026-01-12',
  scoreStatus: 'fully graded',
  comment: 'Neat',
  scoreScale: ref('scoreScale'),
  learningObjectiveSet: [
    {
      source: '/case2',
      learningObjectiveResults: [{ learningObjectiveId: 'o-1', score: 3, textScore: 'C' }],
    },
  ],
  inProgress: 'false',
  incomplete: 'false',
  late: 'true',
  missing: 'false',
};

/** An object of each kind with every member that its schema knows. */
const complete: Readonly<Record<string, JsonObject>> = {
  categories: { ...head, title: 'Tests', weight: 35 },
  lineItems: {
    ...head,
    title: 'Essay',
    description: 'Two pages',
    assignDate: '2026-01-05T08:00:00-08:00',
    dueDate: '2026-01-09T23:59:00Z',
    class: ref('class'),
    school: ref('org'),
    category: ref('category'),
    gradingPeriod: ref('academicSession'),
    academicSession: ref('academicSession'),
    scoreScale: ref('scoreScale'),
    resultValueMin: 0,
    resultValueMax: 10.5,
    learningObjectiveSet: objectives,
  },
  results: { ...head, ...scored, lineItem: ref('lineItem'), student: ref('user'), class: ref('class') },
  scoreScales: {
    ...head,
    title: 'Letters',
    type: 'letters',
    course: ref('course'),
    class: ref('class'),
    scoreScaleValue: [{ itemValueLHS: 'A', itemValueRHS: '90' }],
  },
  assessmentLineItems: {
    ...head,
    title: 'State test',
    description: 'Spring',
    class: ref('class'),
    parentAssessmentLineItem: ref('assessmentLineItem'),
    scoreScale: ref('scoreScale'),
    resultValueMin: 0,
    resultValueMax: 100,
    learningObjectiveSet: objectives,
  },
  assessmentResults: {
    ...head,
    ...scored,
    scorePercentile: 99,
    assessmentLineItem: ref('assessmentLineItem'),
    student: ref('user'),
  },
};

const strange: readonly JsonValue[] = [
  null,
  '',
  'x',
  'true',
  'TRUE',
  'active',
  'inactive',
  'tobedeleted',
  'fully graded',
  'fullyGraded',
  'ext:regraded',
  0,
  -1.5,
  true,
  [],
  {},
  ['x'],
  [null],
  [{}],
  '2026-01-12',
  '2026-02-30',
  '12/01/2026',
  '2026-01-12T08:00:00Z',
  '2026-01-12T08:00:00',
  '2026-01-12T25:00:00Z',
  '2026-01-12 08:00',
  ref('class'),
  ref('user'),
  { ...ref('class'), href: 'x' },
  { ...ref('class'), href: '/classes/x' },
  { ...ref('class'), extra: 1 },
  { sourcedId: 'x', type: 'class' },
  { href: 'https://sis.example/classes/x', type: 'class' },
  [{ source: 'cases', learningObjectiveIds: ['o-1'] }],
  [{ source: '/case', learningObjectiveIds: ['o-1'] }],
  [{ source: 'unknown', learningObjectiveIds: [] }],
  [{ source: 'unknown', learningObjectiveIds: ['o-1'], extra: 1 }],
  [{ source: 'unknown', learningObjectiveResults: [{ learningObjectiveId: 'o-1', score: '3' }] }],
  [{ source: 'unknown', learningObjectiveResults: [{ score: 3 }] }],
  [{ itemValueLHS: 'A' }],
];

describe.each(Object.keys(complete) as CollectionName[])('what 1.2 takes among %s', (name) => {
  const collection = collectionsOf('1.2').get(name);
  const record = complete[name] ?? {};
  const schema = ajv.getSchema(
    `oneroster#/$defs/${collection?.single.replace(/^./, (letter) => letter.toUpperCase())}DType`,
  );

  function judge(changed: JsonObject): { readonly simulator: boolean; readonly schema: boolean } {
    if (collection === undefined || schema === undefined) throw new RangeError(name);
    return { simulator: checkRecord(collection, changed) === undefined, schema: schema(changed) === true };
  }

  test('is what the official schema takes, whatever one of its members is', () => {
    expect(judge(record)).toEqual({ simulator: true, schema: true });
    expect(judge({ ...record, extra: 1 })).toEqual({ simulator: false, schema: false });
    const members = collection?.fields.map((field) => field.name) ?? [];
    expect(Object.keys(record).toSorted()).toEqual(members.toSorted());
    const apart = members.flatMap((member) => {
      const { [member]: _, ...others } = record;
      const changes: readonly JsonObject[] = [
        others,
        ...strange.map((value) => ({ ...record, [member]: value })),
      ];
      return changes
        .map((changed) => ({ member, value: changed[member], ...judge(changed) }))
        .filter((judged) => judged.simulator !== judged.schema);
    });
    expect(apart).toEqual([]);
  });
});

test('what the schema cannot say, the text of the standard does: the date of a change is in UTC', () => {
  const collection = collectionsOf('1.2').get('categories');
  if (collection === undefined) throw new RangeError('no categories');
  const dated = { ...complete.categories, dateLastModified: '2026-01-12T08:00:00+01:00' };
  expect(checkRecord(collection, dated)).toBe('dateLastModified must be a date-time in UTC');
});
