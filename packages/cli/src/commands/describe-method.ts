import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { DiscoveredMethod } from '../rpc/answers.ts';

/** Pure. The parameters of a method, one a line: name, type, whether it may be left out, what it is. */
export function describeMethod({ params, summary }: DiscoveredMethod): string {
  const width = Math.max(...params.map(({ name }) => name.length), 0);
  return [
    summary,
    ...params.map(({ name, required, description, schema }) => {
      const facts = [
        typeOf(schema),
        required ? 'required' : `optional${describeDefault(schema)}`,
        description ?? '',
      ];
      return `${name.padEnd(width)}  ${facts.filter((fact) => fact !== '').join(', ')}`;
    }),
  ].join('\n');
}

function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  if (schema.type === 'array' && isObject(schema.items)) return `list of ${typeOf(schema.items)}`;
  return typeof schema.type === 'string' ? schema.type : 'JSON';
}

function describeDefault(schema: JsonObject): string {
  return schema.default === undefined ? '' : ` (${JSON.stringify(schema.default)})`;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
