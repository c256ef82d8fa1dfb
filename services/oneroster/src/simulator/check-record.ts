import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';
import { refId } from './references.ts';
import type { Collection, CollectionName, OneRosterStore, WireField } from './wire-fields.ts';

/** Pure. What the schema refuses in an object: something missing, unknown, or of another form. Undefined where it is right. */
export function checkRecord(collection: Collection, record: JsonObject): string | undefined {
  const unknown = Object.keys(record).find((name) => !collection.fields.some((field) => field.name === name));
  if (unknown !== undefined) return `A ${collection.single} has no ${unknown}`;
  for (const field of collection.fields) {
    const value = record[field.name];
    const expected =
      value === undefined
        ? field.required
          ? 'present'
          : undefined
        : expectedOf(collection.name, field, value);
    if (expected !== undefined) return `${field.name} must be ${expected}`;
  }
  return undefined;
}

/** What an object points to that is not there. */
export function findMissingTarget(
  { store, collections }: StoredCollections,
  { fields }: Collection,
  record: JsonObject,
): string | undefined {
  for (const { name, kind, target } of fields) {
    const id = kind === 'ref' ? refId(record[name]) : undefined;
    const pointed = [...collections.values()].find(({ single }) => single === target);
    if (id !== undefined && pointed !== undefined && store.get(pointed.name, id) === undefined) {
      return `${name}: no ${target} ${id}`;
    }
  }
  return undefined;
}

interface StoredCollections {
  readonly store: OneRosterStore;
  readonly collections: ReadonlyMap<CollectionName, Collection>;
}

/** What the value should have been, or undefined where it is right. */
function expectedOf(collection: CollectionName, field: WireField, value: JsonValue): string | undefined {
  switch (field.kind) {
    case 'text':
      if (typeof value !== 'string') return 'a text';
      if (field.values === undefined || field.values.some((one) => isChoice(one, value))) return undefined;
      return `one of ${field.values.join(', ')}`;
    case 'date':
      return CalendarDate.safeParse(value).success ? undefined : 'a date YYYY-MM-DD';
    case 'moment':
      // "MUST contain the UTC timezone" is said of dateLastModified alone.
      if (field.name === 'dateLastModified' && !UtcMoment.safeParse(value).success)
        return 'a date-time in UTC';
      return Moment.safeParse(value).success ? undefined : 'a date-time with its zone';
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'the text "true" or "false"';
    case 'number':
      return typeof value === 'number' ? undefined : 'a number';
    case 'list':
      return Texts.safeParse(value).success ? undefined : 'a list of texts';
    case 'ref':
      return isReference(value, field) ? undefined : `a reference {href, sourcedId, type: "${field.target}"}`;
    case 'refs':
      return Array.isArray(value) && value.every((item: JsonValue) => isReference(item, field))
        ? undefined
        : 'a list of references';
    case 'json':
      return expectedOfJson(collection, field.name, value);
  }
}

const CalendarDate = z.iso.date();
const Moment = z.iso.datetime({ offset: true });
const UtcMoment = z.iso.datetime();
const Texts = z.array(z.string());

/** The schema's `uri`: absolute, with a scheme. */
function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(text) && URL.canParse(text);
}

function isChoice(choice: string, value: string): boolean {
  return choice === 'ext:' ? /^ext:[\w.-]+$/.test(value) : choice === value;
}

function isReference(value: JsonValue, { target }: WireField): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 3) return false;
  const { href, type } = value;
  return typeof href === 'string' && isUri(href) && refId(value) !== undefined && type === target;
}

const Source = z.union([z.enum(['case', 'unknown']), z.string().regex(/^\/(?!case$)(?!unknown$)[a-z0-9]+$/)]);
const Objectives = z.array(z.strictObject({ source: Source, learningObjectiveIds: Texts.min(1) }));
const ObjectiveScore = z.strictObject({
  learningObjectiveId: z.string(),
  score: z.number().optional(),
  textScore: z.string().optional(),
});
const ObjectiveScores = z.array(
  z.strictObject({ source: Source, learningObjectiveResults: z.array(ObjectiveScore).min(1) }),
);

/** The members of gradebook objects that are neither texts nor references. Rostering's are never written. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  metadata: z.record(z.string(), z.json()),
  'lineItems/learningObjectiveSet': Objectives,
  'assessmentLineItems/learningObjectiveSet': Objectives,
  'results/learningObjectiveSet': ObjectiveScores,
  'assessmentResults/learningObjectiveSet': ObjectiveScores,
  scoreScaleValue: z.array(z.strictObject({ itemValueLHS: z.string(), itemValueRHS: z.string() })).min(1),
};

function expectedOfJson(collection: CollectionName, name: string, value: JsonValue): string | undefined {
  const shape = shapes[name] ?? shapes[`${collection}/${name}`];
  if (shape === undefined || shape.safeParse(value).success) return undefined;
  return name === 'metadata' ? 'an object' : 'a list of the objects that the schema names';
}
