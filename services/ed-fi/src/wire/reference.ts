import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { idOf, keys, type Resource, referenceTo } from './keys.ts';

/** The id of the record that these members name: side by side, as in references, or as they stand in the record itself. */
export function IdOf(resource: Resource, isFlat = true) {
  return z.unknown().transform((key, context): string => {
    const id = idOf(resource, key, isFlat);
    if (id === undefined)
      context.addIssue({ code: 'custom', message: `It lacks the key of ${resource}: ${keys[resource]}` });
    return id ?? z.NEVER;
  });
}

/** Pure. A reference, read to the id of what it names: a section's also names the session and the school. The `link` in it is not needed. */
export function to(path: string, resource: Resource) {
  return at(path, IdOf(resource), (id) => referenceTo(resource, id));
}
