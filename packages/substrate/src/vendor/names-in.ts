import { z } from 'zod';
import { listOf, Text } from './lenient.ts';
import { at, readPlace } from './record-shape.ts';

/**
 * Pure. Of a list of objects what each says at a place (`period.name`), in alphabetical order: such lists come in any order, and another one would be a
 * change. Undefined where the list is empty.
 */
export function namesIn(path: string, Name: z.ZodType<string> = Text) {
  const place = at(path, Name);
  const Named = z.unknown().transform((item, context) => {
    const name = readPlace(place, item);
    for (const issue of name.issues) context.addIssue({ ...issue });
    return name.success ? name.data : z.NEVER;
  });
  return listOf(Named).transform((names) => names?.toSorted());
}
