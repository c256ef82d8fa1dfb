/**
 * Pure. How long the vendor asks us to wait, in milliseconds, or undefined where it says nothing we understand. `Retry-After` in
 * seconds or as an HTTP date; else a reset header, in seconds from now (IETF draft, Okta) or as epoch seconds (GitHub).
 * Points in time are read against the answer's own `Date`, because clocks differ.
 */
export function readWaitMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const vendorNow = parseHttpDate(headers.date) ?? now;
  const retryAfter = parseRetryAfter(headers['retry-after'], vendorNow);
  if (retryAfter !== undefined) return retryAfter;
  for (const name of resetHeaders) {
    const wait = parseReset(headers[name], vendorNow);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

const resetHeaders = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'];

function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  const seconds = parseSeconds(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const date = parseHttpDate(text);
  return date === undefined ? undefined : Math.max(0, date - now);
}

function parseReset(text: string | undefined, now: number): number | undefined {
  const value = parseSeconds(text);
  if (value === undefined) return undefined;
  if (value < epochSecondsFrom) return Math.ceil(value * 1000);
  const time = value < epochMillisecondsFrom ? value * 1000 : value;
  return Math.max(0, Math.ceil(time) - now);
}

/** 2001 in seconds: as a wait it would be 30 years. */
const epochSecondsFrom = 1e9;
const epochMillisecondsFrom = 1e12;

function parseSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** RFC 9110 §5.6.7: the fixed form and the two obsolete ones; asctime names no zone and means GMT. */
function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const time = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
