import { isJsonObject, type JsonValue } from './json-value.ts';

/** Pure. What stands at a pointer, `/meta/next`: RFC 6901, of which no vendor's answer needs the escapes. Undefined: nothing. */
export function valueAt(json: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let held = json;
  for (const name of pointer.split('/').slice(1)) {
    if (Array.isArray(held)) held = held[Number(name)];
    else held = isJsonObject(held) && Object.hasOwn(held, name) ? held[name] : undefined;
  }
  return held;
}

/** Pure. Reads the text at a pointer, such as what leads to the next page; undefined where there is none. */
export function textAt(pointer: string): (json: JsonValue | undefined) => string | undefined {
  return (json) => {
    const held = valueAt(json, pointer);
    return typeof held === 'string' ? held : undefined;
  };
}
