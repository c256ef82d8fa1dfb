import type { JsonValue } from '../json/json-value.ts';

const colourBySeverity: Readonly<Record<string, number>> = { DEBUG: 90, INFO: 36, WARNING: 33, ERROR: 31 };
const shortBySeverity: Readonly<Record<string, string>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
};

/**
 * Pure. A line of the JSON log for a person: time of day (UTC), severity, service, message, then the data as name=value. An error's
 * stack follows on lines of its own, since whoever reads this is at a terminal and wants it.
 */
export function prettyLine(jsonLine: string, colours: boolean): string {
  const {
    severity,
    message,
    time,
    serviceContext,
    stack_trace: stack,
    ...rest
  } = JSON.parse(jsonLine) as LogLine;
  const data = Object.entries(rest)
    .filter(([member]) => !member.startsWith('logging.googleapis.com/'))
    .map(([member, value]) => paint(90, `${oneLine(member)}=`, colours) + oneLine(formatValue(value)));
  const head = [
    paint(90, time.slice(11, 23), colours),
    paint(colourBySeverity[severity] ?? 0, (shortBySeverity[severity] ?? severity).padEnd(5), colours),
    paint(35, serviceContext.service, colours),
    oneLine(message),
    ...data,
  ];
  const rows = stack === undefined ? [] : stack.split('\n').map((row) => `\n    ${oneLine(row)}`);
  return `${head.join(' ')}${rows.length === 0 ? '' : paint(90, rows.join(''), colours)}\n`;
}

/** What `createLog` writes. */
interface LogLine {
  readonly severity: string;
  readonly message: string;
  readonly time: string;
  readonly serviceContext: { readonly service: string };
  readonly stack_trace?: string;
  readonly [member: string]: JsonValue | undefined;
}

function paint(code: number, text: string, colours: boolean): string {
  return colours ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function formatValue(value: JsonValue | undefined): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? '';
}

/** What vendors send must not steer the terminal: control characters are shown, not obeyed. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
