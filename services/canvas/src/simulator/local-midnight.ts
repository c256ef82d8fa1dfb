/** Where the simulated district is. */
export const districtZone = 'America/Los_Angeles';

/** Pure. The moment in UTC at which a day begins in a zone, as Canvas writes it. */
export function localMidnight(date: string, zone = districtZone): string {
  const utc = Date.parse(`${date}T00:00:00Z`);
  return canvasTime(new Date(utc - offsetAt(utc - offsetAt(utc, zone), zone)).toISOString());
}

/** Pure. Without the milliseconds that Canvas does not write. */
export function canvasTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

/** Milliseconds that the zone is ahead of UTC. */
function offsetAt(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    moment,
  );
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
