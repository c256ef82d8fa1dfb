const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const atOnce = /^(?<minute>\d{1,2}) (?<hour>\d{1,2}) \* \* (?<days>\*|[0-6](?:[-,][0-6])*)$/;

/** A cron line of the simple kind: once a night, on some weekdays. */
export interface SimpleCron {
  /** `HH:MM`, as an `<input type="time">` has it. */
  readonly time: string;
  /** As in the cron line: `*`, `1-5`, `0,6`. */
  readonly days: string;
}

/** Pure. What a cron line says, where it is of the simple kind. */
export function parseSimpleCron(cron: string): SimpleCron | undefined {
  const { minute = '', hour = '', days = '' } = atOnce.exec(cron.trim())?.groups ?? {};
  if (days === '' || Number(minute) > 59 || Number(hour) > 23) return undefined;
  return { time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`, days };
}

/** Pure. The cron line of a simple kind. */
export function toCron({ time, days }: SimpleCron): string {
  const [hour = '0', minute = '0'] = time.split(':');
  return `${Number(minute)} ${Number(hour)} * * ${days}`;
}

/** Pure. A cron line in words where it is of the simple kind, else as it is. */
export function sayCron(cron: string): string {
  const simple = parseSimpleCron(cron);
  return simple === undefined ? cron : `${simple.time}, ${sayDays(simple.days)}`;
}

function sayDays(days: string): string {
  if (days === '*' || days === '0-6') return 'every day';
  const names = days.split(',').map((part) =>
    part
      .split('-')
      .map((day) => weekdays[Number(day)])
      .join(' to '),
  );
  return names.join(', ');
}
