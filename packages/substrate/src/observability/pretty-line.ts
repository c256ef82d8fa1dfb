import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

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
  const line = JSON.parse(jsonLine) as JsonObject;
  const { severity, message, time, serviceContext, stack_trace: stack, ...rest } = line;
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const name = String(severity);
  const service = isJsonObject(serviceContext) ? String(serviceContext.service) : '';
  const data = Object.entries(rest)
    .filter(([member]) => !member.startsWith('logging.googleapis.com/'))
    .map(([member, value]) => paint(90, `${oneLine(member)}=`) + oneLine(formatValue(value)));
  const head = [
    paint(90, String(time).slice(11, 23)),
    paint(colourBySeverity[name] ?? 0, (shortBySeverity[name] ?? name).padEnd(5)),
    paint(35, service),
    oneLine(String(message)),
    ...data,
  ].join(' ');
  const tail =
    typeof stack === 'string'
      ? paint(
          90,
          stack
            .split('\n')
            .map((row) => `\n    ${oneLine(row)}`)
            .join(''),
        )
      : '';
  return `${head}${tail}\n`;
}

function formatValue(value: JsonValue): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}

/** What vendors send must not steer the terminal: control characters are shown, not obeyed. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
