const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const earliest = Date.UTC(2000, 0, 1) - 63_082_281_600_000; // 0001-01-01T00:00:00Z
const latest = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Pure. An RFC 3339 instant as UTC text of fixed width with nine decimals, which sorts as time does; undefined where the text is none,
 * names a day or hour that does not exist, or lies outside the years 1 to 9999. Leap seconds are not known to Spanner and refused.
 */
export function toFixedInstant(text: string): string | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, decimals = '', sign, offsetHours, offsetMinutes] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const fraction = decimals.padEnd(9, '0');
  const localMs = Date.parse(`${local}Z`);
  // `Date.parse` rolls 30 February over into March: what it read must be what was written.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString().slice(0, 19) !== local) return undefined;
  if (sign === undefined) return localMs < earliest ? undefined : `${local}.${fraction}Z`;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const ms = sign === '+' ? localMs - offsetMs : localMs + offsetMs;
  if (ms < earliest || ms > latest) return undefined;
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** Pure. The same instant with 3, 6 or 9 decimals, the fewest that lose nothing; takes what `toFixedInstant` or Spanner gives. */
export function toShortInstant(instant: string): string {
  const dot = instant.indexOf('.');
  const seconds = dot === -1 ? instant.slice(0, -1) : instant.slice(0, dot);
  let decimals = dot === -1 ? '000' : instant.slice(dot + 1, -1).padEnd(9, '0');
  while (decimals.length > 3 && decimals.endsWith('000')) decimals = decimals.slice(0, -3);
  return `${seconds}.${decimals}Z`;
}

/** Pure. Orders two instants that a database gave: their text alone does not sort where the number of decimals differs. */
export function compareInstants(left: string, right: string): number {
  const [a, b] = [toFixedInstant(left) ?? left, toFixedInstant(right) ?? right];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Pure. Microseconds since 1970 as an instant of fixed width. */
export function microsToFixedInstant(micros: bigint): string {
  const ms = micros / 1000n;
  const rest = String(micros % 1000n).padStart(3, '0');
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${rest}000Z`;
}

/** Pure. Whether the text is a day of the years 1 to 9999, 'YYYY-MM-DD'. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
