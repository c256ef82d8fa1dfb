import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { toLabel } from '../../parts/to-label.ts';
import type { FormChoice, FormField } from './form-field.ts';

/**
 * Pure. The form of a vendor's JSON Schema: one choice for each alternative (`oneOf`, `anyOf`), else one only. Members of which a form knows
 * nothing are asked for as JSON, so none is missing.
 */
export function readSchema(schema: JsonObject, what: 'connection' | 'credential'): readonly FormChoice[] {
  const alternatives = objectsIn(schema['oneOf'] ?? schema['anyOf']);
  return (alternatives.length === 0 ? [schema] : alternatives).map((each, index) =>
    readChoice(each, what, index),
  );
}

function readChoice(schema: JsonObject, what: 'connection' | 'credential', index: number): FormChoice {
  const properties = membersOf(schema['properties']);
  const required = textsIn(schema['required']);
  const constants = properties.flatMap(([name, { const: value }]): [string, JsonValue][] =>
    value === undefined ? [] : [[name, value]],
  );
  const type = properties.find(([name]) => name === 'type')?.[1];
  const word = type?.['const'];
  const name = typeof word === 'string' ? word : index === 0 ? '' : String(index + 1);
  const fields = properties
    .filter(([, property]) => property['const'] === undefined)
    .map(([field, property]) => readField(field, property, required.includes(field), what));
  return {
    name,
    label: toLabel(name),
    hint: textIn(type?.['description'] ?? schema['description']),
    constants: Object.fromEntries(constants),
    // Stable: otherwise in the vendor's own order.
    fields: fields.toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired)),
  };
}

function readField(
  name: string,
  schema: JsonObject,
  isRequired: boolean,
  what: 'connection' | 'credential',
): FormField {
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  const kind = kindOf(name, schema, what);
  const told = kind === 'list' ? items : schema;
  return {
    name,
    label: textIn(schema['title']) ?? toLabel(name),
    hint: textIn(schema['description']),
    isRequired,
    kind,
    choices: textsIn(told['enum']),
    fallback: schema['default'],
    pattern: textIn(told['pattern']),
    isWhole: schema['type'] === 'integer',
    minimum: numberIn(schema['minimum']),
    maximum: numberIn(schema['maximum']),
    minLength: numberIn(schema['minLength']),
    maxLength: numberIn(schema['maxLength']),
  };
}

function kindOf(name: string, schema: JsonObject, what: 'connection' | 'credential'): FormField['kind'] {
  const { type, items } = schema;
  if (type === 'string') {
    if (textsIn(schema['enum']).length > 0) return 'choice';
    if (schema['format'] === 'uri') return 'url';
    if (what === 'connection' || !isSecret(name)) return 'text';
    return /private_?key$/i.test(name) ? 'key' : 'secret';
  }
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'flag';
  return type === 'array' && isJsonObject(items) && items['type'] === 'string' ? 'list' : 'json';
}

/** All of a credential is, but for what only names somebody: rather one too many. */
function isSecret(name: string): boolean {
  return !/(?:id|email|subject|district)$/i.test(name);
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => isJsonObject(each)) : [];
}

function membersOf(value: JsonValue | undefined): readonly [string, JsonObject][] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, member]) => [name, isJsonObject(member) ? member : {}]);
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
