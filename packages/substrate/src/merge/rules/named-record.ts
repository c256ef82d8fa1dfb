import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';

interface NamedRecordParts<T> {
  /** What is wrong with a name, as a sentence; undefined: nothing. */
  readonly findFault: (name: string) => string | undefined;
  /** The schema whose complaints fit what was found. */
  readonly schemaFor: (member: unknown) => z.ZodType<T>;
  /** The JSON Schema of any member. */
  readonly described: JsonObject;
}

/**
 * Pure. The schema of an object whose names come from data. Not `z.record`, which leaves a member named `__proto__` out without a word,
 * and a record may have that id. Every complaint begins with the name that it is about.
 */
export function namedRecord<T>(parts: NamedRecordParts<T>): z.ZodType<Readonly<Record<string, T>>> {
  const schema = z.unknown().superRefine((members, context) => {
    if (!isJsonObject(members)) {
      context.addIssue({ code: 'custom', message: 'Give an object here' });
      return;
    }
    for (const [name, member] of Object.entries(members)) {
      for (const { path, message } of listFaults(parts, name, member)) {
        context.addIssue({ code: 'custom', path, message: `${JSON.stringify(name)}: ${message}` });
      }
    }
  });
  // What the refinement let through is of this type; zod takes a refined `unknown` for unknown still.
  return schema.meta({ type: 'object', additionalProperties: parts.described }) as z.ZodType<
    Readonly<Record<string, T>>
  >;
}

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

function listFaults<T>(parts: NamedRecordParts<T>, name: string, member: unknown): Fault[] {
  const fault = parts.findFault(name);
  if (fault !== undefined) return [{ path: [name], message: fault }];
  const { error } = parts.schemaFor(member).safeParse(member);
  return (error?.issues ?? []).map(({ path, message }) => ({ path: [name, ...path], message }));
}
