import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType } from './entity-types.ts';

/** Where a record's members name other records. */
interface ReferencePath {
  /** Member names from the record inwards; `*` stands for every element of a list. Empty: the record's own id. */
  readonly path: readonly string[];
  readonly entityType: EntityType;
}

/** One record named by another. */
export interface RecordReference {
  readonly entityType: EntityType;
  readonly id: string;
  /** JSON Pointer of the member that names it; empty where the record's own id does. */
  readonly pointer: string;
}

function to(entityType: EntityType, ...path: readonly string[]): ReferencePath {
  return { path, entityType };
}

const referencePaths: Readonly<Record<EntityType, readonly ReferencePath[]>> = {
  org: [to('org', 'parentSourcedId')],
  academicSession: [to('academicSession', 'parentSourcedId'), to('org', 'orgSourcedId')],
  course: [to('org', 'orgSourcedId'), to('academicSession', 'schoolYearSourcedId')],
  class: [
    to('course', 'courseSourcedId'),
    to('org', 'schoolSourcedId'),
    to('academicSession', 'termSourcedIds', '*'),
  ],
  user: [
    to('org', 'roles', '*', 'orgSourcedId'),
    to('org', 'primaryOrgSourcedId'),
    to('user', 'agentSourcedIds', '*'),
  ],
  enrollment: [to('user', 'userSourcedId'), to('class', 'classSourcedId'), to('org', 'schoolSourcedId')],
  // OneRoster keeps a person's demographics under the person's own id.
  demographics: [to('user')],
  category: [],
  lineItem: [
    to('class', 'classSourcedId'),
    to('category', 'categorySourcedId'),
    to('org', 'schoolSourcedId'),
    to('academicSession', 'gradingPeriodSourcedId'),
    to('academicSession', 'academicSessionSourcedId'),
  ],
  result: [
    to('lineItem', 'lineItemSourcedId'),
    to('user', 'studentSourcedId'),
    to('class', 'classSourcedId'),
  ],
  attendanceEvent: [
    to('user', 'studentSourcedId'),
    to('org', 'schoolSourcedId'),
    to('class', 'classSourcedId'),
  ],
  assessment: [to('assessment', 'parentSourcedId'), to('class', 'classSourcedId')],
  assessmentResult: [to('assessment', 'assessmentSourcedId'), to('user', 'studentSourcedId')],
};

/** Members that are called like references and are none: score scales are no entity type of ours. */
const unknownTargets: Readonly<Partial<Record<EntityType, readonly string[]>>> = {
  lineItem: ['/scoreScaleSourcedId'],
  result: ['/scoreScaleSourcedId'],
  assessment: ['/scoreScaleSourcedId'],
  assessmentResult: ['/scoreScaleSourcedId'],
};

/** Pure. Where records of an entity type name others, as patterns (`*`: every element), and what they call like it that is none. */
export function referencePatterns(entityType: EntityType): {
  readonly references: ReadonlyMap<string, EntityType>;
  readonly others: readonly string[];
} {
  const references = referencePaths[entityType].map(
    ({ path, entityType: target }) => [path.map((name) => `/${name}`).join(''), target] as const,
  );
  return { references: new Map(references), others: unknownTargets[entityType] ?? [] };
}

/** Pure. The records that this one names; one that is named twice is there twice. */
export function referencesIn(
  entityType: EntityType,
  recordId: string,
  value: JsonObject,
): readonly RecordReference[] {
  const found: RecordReference[] = [];
  for (const { path, entityType: target } of referencePaths[entityType]) {
    if (path.length === 0) found.push({ entityType: target, id: recordId, pointer: '' });
    else collect(value, path, 0, '', (id, pointer) => found.push({ entityType: target, id, pointer }));
  }
  return found;
}

/** No member's name on these paths needs RFC 6901's escapes. */
function collect(
  value: JsonValue | undefined,
  path: readonly string[],
  depth: number,
  pointer: string,
  add: (id: string, pointer: string) => void,
): void {
  const name = path[depth];
  if (name === undefined) {
    if (typeof value === 'string') add(value, pointer);
  } else if (name === '*') {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) collect(item, path, depth + 1, `${pointer}/${index}`, add);
  } else if (isJsonObject(value) && Object.hasOwn(value, name)) {
    collect(value[name], path, depth + 1, `${pointer}/${name}`, add);
  }
}

/** Pure. The value with the ids in its references exchanged; the same object where none is. A record's own id is not looked at. */
export function exchangeReferences(
  entityType: EntityType,
  value: JsonObject,
  exchange: (reference: Omit<RecordReference, 'pointer'>) => string,
): JsonObject {
  let changed: JsonValue = value;
  for (const { path, entityType: target } of referencePaths[entityType]) {
    if (path.length > 0) changed = mapAt(changed, path, 0, (id) => exchange({ entityType: target, id }));
  }
  return changed as JsonObject;
}

function mapAt(
  value: JsonValue,
  path: readonly string[],
  depth: number,
  change: (id: string) => string,
): JsonValue {
  const name = path[depth];
  if (name === undefined) return typeof value === 'string' ? change(value) : value;
  if (name === '*') {
    if (!Array.isArray(value)) return value;
    const items = value.map((item: JsonValue) => mapAt(item, path, depth + 1, change));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return value;
  const before = value[name] as JsonValue;
  const after = mapAt(before, path, depth + 1, change);
  return after === before ? value : { ...value, [name]: after };
}
