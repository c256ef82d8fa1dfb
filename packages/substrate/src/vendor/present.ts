type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** `T` with its possibly undefined members turned into optional ones. */
export type Present<T> = string extends keyof T
  ? { [K in keyof T]: Exclude<T[K], undefined> }
  : { [K in Exclude<keyof T, Optional<T>>]: T[K] } & { [K in Optional<T>]?: Exclude<T[K], undefined> };

/** Pure. The object without its undefined members: in a canonical record absence is absence, it has no value. */
export function present<T extends object>(members: T): Present<T> {
  // A loop, not entries and back: every record of every page passes here, several times.
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const value = members[name as keyof T];
    if (value !== undefined) kept[name] = value;
  }
  return kept as Present<T>;
}
