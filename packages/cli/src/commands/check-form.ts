import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';

/**
 * Holds what was entered against the vendor's JSON Schema, before anything is stored. Fails with `invalid_params`, naming each member and
 * what is expected of it, never its value: that may be a secret.
 */
export function checkForm(what: 'connection' | 'credential', schema: JsonObject, entered: JsonObject): void {
  // The vendor's service has made the schema; what zod cannot read of it fails here, loudly.
  const parsed = z.fromJSONSchema({ ...schema } as Parameters<typeof z.fromJSONSchema>[0]).safeParse(entered);
  if (parsed.success) return;
  const problems = parsed.error.issues.flatMap(describeIssue);
  throw new Failure('invalid_params', 'This does not have the form that the vendor needs', {
    data: { what, problems, advice: `Nothing was stored. Correct the ${what}, then connect again.` },
  });
}

/** Of alternatives (a credential of one type or another), the one whose `type` was entered, else what the types are. */
function describeIssue(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== 'invalid_union') return [`/${issue.path.join('/')}: ${issue.message}`];
  const isOtherType = (each: z.core.$ZodIssue) => each.path.join('/') === 'type';
  const meant = issue.errors.filter((issues) => !issues.some(isOtherType));
  const told = meant.length > 0 ? meant.flat() : issue.errors.flatMap((issues) => issues.filter(isOtherType));
  return told.flatMap(describeIssue);
}
