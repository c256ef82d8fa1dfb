import { z } from 'zod';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { optional, Text } from './lenient.ts';
import { present } from './present.ts';
import { at } from './record-shape.ts';

/**
 * Pure. For a table: what people may look for though no canonical member holds it, under the vendor's own names. What is not there is left out;
 * where nothing is there, there is no metadata.
 *
 * ```ts
 * metadata: metadataOf({ ...mayHave(Text, 'ownerId', 'room'), state: unlessUsual('ACTIVE') })
 * ```
 */
export function metadataOf(members: Readonly<Record<string, z.ZodType<JsonValue | undefined>>>) {
  return at(
    '',
    z.object(members).transform((held): JsonObject | undefined => {
      const there: JsonObject = present(held);
      return Object.keys(there).length === 0 ? undefined : there;
    }),
  );
}

/** Pure. A text that says something only where it is none of these words. */
export function unlessUsual(...usual: readonly string[]) {
  return optional(Text).transform((text) => (text !== undefined && usual.includes(text) ? undefined : text));
}
