import { Failure } from '../../failure/failure.ts';

/** Stands for any one segment. */
export const anySegment = null;

export type PatternSegment = string | typeof anySegment;

/**
 * Pure. The segments of a pointer pattern: a JSON Pointer (RFC 6901) in which the segment `*` stands for any one. A member whose whole
 * name is a star is written `~2`, beside RFC 6901's `~1` for `/` and `~0` for `~`; so every place has one spelling. In a longer name a
 * star is a star. Fails with `invalid_params`.
 */
export function parsePattern(pattern: string): readonly PatternSegment[] {
  const fault = findPatternFault(pattern);
  if (fault === undefined) return splitPattern(pattern).map(readSegment);
  throw new Failure('invalid_params', 'Not a pointer to a field', {
    data: { pointer: pattern, found: fault },
  });
}

/** What keeps a text from being a pointer pattern, as a sentence to follow it; undefined: nothing. */
export function findPatternFault(pattern: string): string | undefined {
  if (pattern !== '' && !pattern.startsWith('/'))
    return `a pointer begins with "/": write ${JSON.stringify(`/${pattern}`)}`;
  for (const segment of splitPattern(pattern)) {
    const stray = segment === '~2' ? undefined : /~(?![01])/.exec(segment);
    if (stray != null) {
      return `${JSON.stringify(segment)} has a "~" that stands for nothing: write "~0" for "~", "~1" for "/", and "~2" for a name that is just "*"`;
    }
  }
  return undefined;
}

function splitPattern(pattern: string): string[] {
  return pattern.split('/').slice(1);
}

function readSegment(segment: string): PatternSegment {
  if (segment === '*') return anySegment;
  if (segment === '~2') return '*';
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
