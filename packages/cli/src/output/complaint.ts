import { isFailure, toFailure } from '@flotilla/substrate/failure';
import { factsOf } from '@flotilla/substrate/failure/codes';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { CommanderError } from 'commander';
import type { Colors } from './terminal.ts';

/** Something that went wrong, as it is told: what, where, and what to do. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly advice: string;
}

/** Pure. What a person is told about whatever was thrown; `help` is the command that explains the command line. */
export function toComplaint(thrown: unknown, help: string): Complaint {
  if (thrown instanceof CommanderError) {
    const message = thrown.message.replace(/^error: /, '').replaceAll('\n', ' ');
    return { code: 'invalid_params', message, data: {}, advice: `See ${help}` };
  }
  const failure = toFailure(thrown);
  const { advice, retry: _, code: __, ...data } = failure.data;
  return {
    code: failure.code,
    message: failure.message,
    data: isFailure(thrown) ? data : { reason: describeBug(thrown) },
    advice: typeof advice === 'string' ? advice : factsOf(failure.code).advice,
  };
}

/** Pure. The complaint on a few lines: its data as `name: value`, a list of issues one a line. */
export function renderComplaint({ message, data, advice }: Complaint, colors: Colors): string {
  return [
    `${colors.red(colors.bold('Error:'))} ${message}`,
    ...Object.entries(data).flatMap(([name, value]) => renderData(name, value)),
    `  ${colors.cyan('→')} ${advice}`,
  ].join('\n');
}

function renderData(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
    return [`  ${name}:`, ...value.map((item) => `    ${renderItem(item)}`)];
  }
  if (typeof value === 'string' && value.includes('\n')) {
    return [`  ${name}:`, ...value.split('\n').map((line) => `    ${toPlainText(line, 200)}`)];
  }
  if (Array.isArray(value)) return [`  ${name}: ${toPlainText(value.map(String).join(', '), 1000)}`];
  return [`  ${name}: ${toPlainText(typeof value === 'string' ? value : JSON.stringify(value), 1000)}`];
}

/** A schema's issue reads `/pointer message`. */
function renderItem(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'message' in item) {
    const pointer = 'pointer' in item ? `${String(item.pointer)} ` : '';
    return toPlainText(`${pointer}${String(item.message)}`, 300);
  }
  return toPlainText(JSON.stringify(item), 300);
}

function describeBug(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
