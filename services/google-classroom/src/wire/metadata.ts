type Plain = string | number | boolean;

/** Pure. Those that there are, as `metadata`; nothing where there are none. */
export function asMetadata(members: Readonly<Record<string, Plain | undefined>>): {
  metadata?: Record<string, Plain>;
} {
  const metadata: Record<string, Plain> = {};
  for (const [name, member] of Object.entries(members)) if (member !== undefined) metadata[name] = member;
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
