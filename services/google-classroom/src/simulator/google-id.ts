import { createHash } from 'node:crypto';

/** Pure. So many digits, the first of them none that is zero, that follow from the district's own ids. */
export function digits(length: number, ...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join(' ')).digest('hex');
  const text = BigInt(`0x${hex}`)
    .toString()
    .slice(0, length - 1);
  return `1${text}`;
}

/** Pure. As all accounts of Google's have: 21 digits. */
export function userId(personId: string): string {
  return digits(21, 'user', personId);
}

/** Pure. Of courses, course work, topics, categories: 12 digits. */
export function numberOf(kind: string, ...parts: readonly string[]): string {
  return digits(12, kind, ...parts);
}

/** Pure. Of submissions, as in `Cg4I4Lj3vQIQ`. */
export function submissionId(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(['submission', ...parts].join(' '));
  return `Cg${hash.digest('base64url').replaceAll(/[-_]/g, 'A').slice(0, 10)}`;
}
