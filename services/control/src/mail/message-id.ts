/** Pure. A mail's Message-ID (RFC 5322 §3.6.4): of the same mail the same, under the sender's domain. */
export function messageIdOf(from: string, ...parts: readonly string[]): string {
  const domain = /@([^\s<>]+)>?$/.exec(from)?.[1] ?? 'flotilla.invalid';
  const local = parts.join('.').replace(/[^A-Za-z0-9.-]/g, '-');
  return `<${local}@${domain}>`;
}
