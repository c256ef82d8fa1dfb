import { z } from 'zod';

/** What the connection says of which organizational units are schools. */
export const Schools = z.array(z.string()).default([]);

/** Pure. Whether the connection calls this path a school. */
export function isSchool(path: string, schools: readonly string[]): boolean {
  return schools.some((pattern) =>
    pattern.endsWith('/*') ? parentOf(path) === (pattern.slice(0, -2) || '/') : path === pattern,
  );
}

/** Pure. The school in which the unit lies; the unit itself where it lies in none that we know. */
export function schoolOf(path: string, schools: readonly string[]): string {
  for (let at: string | undefined = path; at !== undefined; at = parentOf(at))
    if (isSchool(at, schools)) return at;
  return path;
}

/** Pure. Undefined for the one at the top, `/`. */
function parentOf(path: string): string | undefined {
  if (path === '/') return undefined;
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
