import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { Schema, Standard } from './standard.ts';

/** Of a record before it is one: absent members are undefined. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** Pure. Of a record what the version of the standard knows, in references too. */
export function keepKnown(members: Members, { properties = {} }: Schema, standard: Standard): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(members)) {
    const property = properties[name];
    if (property === undefined || value === undefined) {
      // A record's date of change is the host's own in every version.
      if (name === '_lastModifiedDate' && value !== undefined) kept[name] = value;
      continue;
    }
    kept[name] = keepIn(value, standard.schemaOf(property), standard);
  }
  return kept;
}

function keepIn(value: JsonValue, schema: Schema, standard: Standard): JsonValue {
  if (Array.isArray(value))
    return value.map((item) => keepIn(item, standard.schemaOf(schema.items ?? {}), standard));
  return typeof value === 'object' && value !== null
    ? keepKnown(value as JsonObject, schema, standard)
    : value;
}
