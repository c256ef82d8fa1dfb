import type { JsonObject, JsonValue } from '../../packages/substrate/src/json/json-value.ts';
import { isJsonObject } from '../../packages/substrate/src/json/json-value.ts';

/**
 * Pure. A value of the shape that a JSON Schema asks for: every alternative of the outermost union in turn. Patterns are not looked at: it is
 * for pure functions that put texts together, not for anything that judges them.
 */
export function sampleValues(schema: JsonObject): readonly JsonValue[] {
  const alternatives = alternativesOf(schema);
  return alternatives.length === 0 ? [sampleValue(schema)] : alternatives.flatMap(sampleValues);
}

function sampleValue(schema: JsonObject): JsonValue {
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  const [first] = alternativesOf(schema);
  if (first !== undefined) return sampleValue(first);
  switch (schema.type) {
    case 'object':
      return sampleObject(schema);
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return false;
    default:
      return schema.format === 'uri' ? 'https://vendor.example' : 'sample';
  }
}

/** What may be left out is, unless it has a default: the functions get what parsing puts out. */
function sampleObject({ properties, required }: JsonObject): JsonObject {
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, member]) =>
      isJsonObject(member) && (names.includes(name) || member.default !== undefined)
        ? [[name, sampleValue(member)]]
        : [],
    ),
  );
}

function alternativesOf({ anyOf, oneOf }: JsonObject): readonly JsonObject[] {
  const list = anyOf ?? oneOf;
  return Array.isArray(list) ? list.filter((one) => isJsonObject(one)) : [];
}
