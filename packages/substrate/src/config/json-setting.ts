import { z } from 'zod';

/** The text of a variable as JSON of the form of `schema`. */
export function jsonSetting<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'a JSON object' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
