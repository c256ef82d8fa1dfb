/** Pure. `2026-01-31 07:05:59Z` */
export function showMoment(moment: string): string {
  return `${moment.slice(0, 19).replace('T', ' ')}Z`;
}

/** Pure. An id as it is shown: its beginning finds it again. Without dashes in front, which would be typed as an option. */
export function shortId(id: string): string {
  return id.replace(/^-+/, '').slice(0, 8);
}

/** Pure. Whether the id may be meant by what was typed: its beginning, or what is shown of it. */
export function isBegunBy(id: string, beginning: string): boolean {
  return id.startsWith(beginning) || id.replace(/^-+/, '').startsWith(beginning);
}
