import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType } from './entity-types.ts';
import { recordName } from './record-name.ts';

/** Of a list, as many as tell two records apart. */
const most = 3;

/**
 * Pure. What tells a record from another one of the same name: of a user the roles, the grades and a name for signing in or an identifier,
 * of a class its code and terms, of an enrollment the role. As the vendor wrote it; empty where the record has none of that.
 */
export function recordHints(entityType: EntityType, value: JsonObject | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  const name = recordName(value);
  const hints = hintsOf[entityType]?.(value) ?? [];
  return [...new Set(hints)].filter((hint) => hint !== '' && hint !== name);
}

const hintsOf: { readonly [Name in EntityType]?: (value: JsonObject) => readonly string[] } = {
  user: ({ roles, grades, username, identifier, userMasterIdentifier }) => [
    join(listOf(roles).map(roleOf)),
    counted('grade', listOf(grades)),
    [username, identifier, userMasterIdentifier].find(isText) ?? '',
  ],
  class: ({ classCode, termSourcedIds }) => [
    isText(classCode) ? classCode : '',
    counted('term', listOf(termSourcedIds)),
  ],
  enrollment: ({ role }) => [isText(role) ? role : ''],
};

function roleOf(entry: JsonValue): JsonValue {
  return isJsonObject(entry) ? (entry['role'] ?? null) : null;
}

function counted(noun: string, values: readonly JsonValue[]): string {
  const texts = distinct(values);
  if (texts.length === 0) return '';
  return `${texts.length === 1 ? noun : `${noun}s`} ${join(texts)}`;
}

function join(values: readonly JsonValue[]): string {
  const texts = distinct(values);
  return [...texts.slice(0, most), ...(texts.length > most ? ['…'] : [])].join(', ');
}

function distinct(values: readonly JsonValue[]): readonly string[] {
  return [...new Set(values.filter(isText))];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
