import { isFailure } from '@flotilla/substrate/failure';

/** One thing that is wrong with what was entered. */
export interface Issue {
  /** JSON Pointer of the member. */
  readonly pointer: string;
  readonly message: string;
}

/** Pure. What a refusal says about single members; none where it says something else. */
export function issuesOf(error: unknown): readonly Issue[] {
  if (!isFailure(error)) return [];
  const { issues } = error.data;
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
}

/** Pure. What is wrong with one member, or with something in it; undefined: nothing. */
export function faultAt(issues: readonly Issue[], pointer: string): string | undefined {
  const messages = issues.filter((issue) => isWithin(issue.pointer, pointer)).map(({ message }) => message);
  return messages.length === 0 ? undefined : [...new Set(messages)].join('; ');
}

/** Pure. The issues of what lies below a member, as if that were the whole. */
export function issuesBelow(issues: readonly Issue[], pointer: string): readonly Issue[] {
  return issues
    .filter((issue) => isWithin(issue.pointer, pointer))
    .map((issue) => ({ ...issue, pointer: issue.pointer.slice(pointer.length) }));
}

function isWithin(found: string, pointer: string): boolean {
  return found === pointer || found.startsWith(`${pointer}/`);
}

function isIssue(found: unknown): found is Issue {
  return (
    typeof found === 'object' &&
    found !== null &&
    'pointer' in found &&
    typeof found.pointer === 'string' &&
    'message' in found &&
    typeof found.message === 'string'
  );
}
