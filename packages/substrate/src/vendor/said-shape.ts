import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import type { Join, Said } from './join.ts';
import { type Present, present } from './present.ts';
import { createReader, readPlace, type Source, toPlace } from './record-shape.ts';

/**
 * Pure. The part of a join that follows from a table: `id` and `key` as `Said` has them, and what a record of the list says besides.
 *
 * ```ts
 * defineJoin('user', { ...saidShape({ id: Id, key: at('student', Id) }, { grade: optional(Text) }), collection, members, add })
 * ```
 */
export function saidShape<S extends object>(
  { id, key }: { readonly id: Source<string>; readonly key: Source<string> },
  says: { readonly [M in keyof S]: Source<S[M]> },
): Pick<Join, 'idOf'> & { readonly wire: z.ZodType<Said<JsonObject & Present<S>>> } {
  const idPlace = toPlace('id', id);
  const keyPlace = toPlace('key', key);
  const readSays = createReader(says as Readonly<Record<string, Source<unknown>>>);
  return {
    wire: z.unknown().transform((record, context) => {
      const [ownId, ownKey, said] = [
        readPlace(idPlace, record),
        readPlace(keyPlace, record),
        readSays(record),
      ];
      for (const issue of [...ownId.issues, ...ownKey.issues, ...said.issues]) context.addIssue({ ...issue });
      if (!ownId.success || !ownKey.success || !said.success) return z.NEVER;
      // Of the members' own types, by the table.
      return { id: ownId.data, key: ownKey.data, says: present(said.data) as JsonObject & Present<S> };
    }),
    idOf: (record) => {
      const own = readPlace(idPlace, record);
      return own.success ? own.data : undefined;
    },
  };
}
