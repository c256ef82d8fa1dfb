import { Cron, CronPattern } from 'croner';

/** More often than once an hour is not a nightly run any more. */
const mostTimesADay = 24;

/**
 * Croner's own fields only, minutes at the finest. Of a job without wildcard or step, a time that the clocks skip comes right after the
 * gap, and one that they repeat comes once; of any other job, skipped times are left out and repeated ones come twice. That is how Vixie
 * cron does it, and what croner does under `no-wildcard`: by its default, `30 2,14 * * *` would lose the night of the change.
 */
const reading = { mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;

/** Any day; cron lines that never come are found from here. */
const reference = Date.UTC(2000, 0, 1);

/** Pure. What is wrong with a cron line, for the person who wrote it; undefined where nothing is. */
export function faultOfCron(cron: string): string | undefined {
  const fields = cron.trim() === '' ? 0 : cron.trim().split(/\s+/).length;
  if (fields !== 5) {
    return `five fields are needed (minute, hour, day of the month, month, weekday), such as "30 2 * * 1-5"; here are ${fields}`;
  }
  let pattern: CronPattern;
  try {
    pattern = new CronPattern(cron, undefined, reading);
  } catch (thrown) {
    const reason =
      thrown instanceof Error ? thrown.message.replace(/^CronPattern: /, '') : 'it cannot be read';
    return `${reason}; the fields are minute (0-59), hour (0-23), day of the month (1-31), month (1-12), weekday (0-7 or MON-SUN)`;
  }
  const times = count(pattern.minute) * count(pattern.hour);
  if (times > mostTimesADay) {
    return `it comes ${times} times a day; at most ${mostTimesADay} are possible, such as "0 * * * *" for every hour`;
  }
  if (cronTimes(cron, 'UTC')(reference) === undefined)
    return 'it never comes: no date fits its day and month';
  return undefined;
}

/** Pure. The first time of a cron line after a moment, both in milliseconds since 1970; undefined where none comes. */
export function cronTimes(cron: string, timeZone: string): (after: number) => number | undefined {
  // Without a function to call it is a calculator: it starts no timer, and reads the clock for calls without a date only.
  const job = new Cron(cron, { ...reading, timezone: timeZone });
  return (after) => job.nextRun(new Date(after))?.getTime();
}

function count(flags: readonly number[]): number {
  return flags.filter((flag) => flag === 1).length;
}
