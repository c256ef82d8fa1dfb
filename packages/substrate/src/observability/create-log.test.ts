import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { createLog, type LogOptions } from './create-log.ts';
import { createSecrets } from './secrets.ts';

const canary = 'c4nary-9f8e7d6c5b4a';
const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };

describe('a line in Google format', () => {
  test('has exactly the members that Cloud Logging reads, and the data', () => {
    const { log, lines } = capture();

    log.info('A run began', { runId: 'r-1', records: 20 });

    expect(lines()).toEqual([
      {
        severity: 'INFO',
        time: '2026-01-01T00:00:00.000Z',
        serviceContext: { service: 'oneroster', version: '1.2.3' },
        message: 'A run began',
        runId: 'r-1',
        records: 20,
      },
    ]);
  });

  test.each([
    ['debug', 'DEBUG'],
    ['info', 'INFO'],
    ['warn', 'WARNING'],
    ['error', 'ERROR'],
  ] as const)('of %s has the severity %s', (level, severity) => {
    const { log, lines } = capture({ level: 'debug' });

    log[level]('x');

    expect(lines()[0]?.severity).toBe(severity);
  });

  test('is not written below the level', () => {
    const { log, text } = capture({ level: 'warn' });

    log.debug('x');
    log.info('x');

    expect(text()).toBe('');
  });

  test('belongs to its trace in the project', () => {
    const { log, lines } = capture({ projectId: 'school-sync' });

    log.forTrace(trace).info('x');

    expect(lines()[0]).toMatchObject({
      'logging.googleapis.com/trace': `projects/school-sync/traces/${trace.traceId}`,
      'logging.googleapis.com/spanId': trace.spanId,
      'logging.googleapis.com/trace_sampled': true,
    });
  });

  test('of a child has the data of its parents, each member once, the nearest one', () => {
    const { log, text, lines } = capture();

    log
      .child({ customerId: 'c-1', step: 'fetch' })
      .forTrace(trace)
      .child({ step: 'merge' })
      .info('x', { page: 2 });

    expect(lines()[0]).toMatchObject({
      customerId: 'c-1',
      step: 'merge',
      page: 2,
      'logging.googleapis.com/trace': trace.traceId,
    });
    expect(text().match(/"step"/g)).toHaveLength(1);
  });

  test('keeps data from taking the place of what Cloud Logging reads', () => {
    const { log, text, lines } = capture();

    log.info('The message', {
      message: 'other',
      severity: 'EMERGENCY',
      time: 'x',
      'logging.googleapis.com/trace': 'forged',
    });

    expect(lines()[0]).toMatchObject({
      message: 'The message',
      severity: 'INFO',
      message_: 'other',
      severity_: 'EMERGENCY',
    });
    expect(text().match(/"message":/g)).toHaveLength(1);
    expect(lines()[0]?.['logging.googleapis.com/trace']).toBeUndefined();
  });

  test('of an error has its code and data, and one stack_trace with those of its causes', () => {
    const { log, lines } = capture();
    const failure = new Failure('vendor_unavailable', 'No answer', {
      data: { status: 502 },
      cause: new TypeError('socket hang up'),
    });

    log.error('A slice failed', { error: failure, runId: 'r-1' });

    expect(lines()[0]).toMatchObject({
      error: {
        name: 'Failure',
        message: 'No answer',
        code: 'vendor_unavailable',
        data: { status: 502 },
        cause: { name: 'TypeError', message: 'socket hang up' },
      },
      runId: 'r-1',
    });
    const stack = String(lines()[0]?.stack_trace);
    // Error Reporting groups by a stack that begins with the error's own line.
    expect(stack).toMatch(
      /^Failure: No answer\n {4}at [\s\S]*\nCaused by: TypeError: socket hang up\n {4}at /,
    );
    expect(JSON.stringify(lines()[0]?.error)).not.toContain('    at ');
  });

  test.each([['a text'], [{ code: 'ECONNRESET' }], [null], [42]])(
    'says what was thrown even if it is %j',
    (thrown) => {
      const { log, lines } = capture();

      log.error('x', { error: thrown });

      expect(lines()[0]?.error).toEqual(thrown);
    },
  );
});

describe('secrets', () => {
  test.each(['json', 'pretty'] as const)('planted everywhere appear nowhere in the %s format', (format) => {
    const { log, secrets, text } = capture({ format, level: 'debug' });
    secrets.add(canary);
    const cause = Object.assign(new Error(`connect with ${canary}`), {
      config: { headers: { authorization: `Bearer ${canary}` } },
    });
    const error = new Failure('credentials_rejected', 'Refused', {
      data: { sent: [{ [canary]: canary }] },
      cause,
    });
    const child = log.child({ credential: { key: canary }, note: `see ${canary}` });

    child.debug('x', { nested: { deep: [{ value: `-${canary}-` }] } });
    child.info(`a message ${canary}`, {
      url: new URL(`https://u:${canary}@v.example/?q=${canary}`),
      map: new Map([[canary, canary]]),
    });
    child.warn('x', {
      error,
      body: JSON.stringify({ x: canary }),
      encoded: Buffer.from(canary).toString('base64'),
    });
    child.error('x', { error: new AggregateError([error, canary], canary) });

    expect(text()).not.toContain(canary);
    expect(text()).not.toContain(Buffer.from(canary).toString('base64'));
    expect(text().match(/\[redacted\]/g)?.length).toBeGreaterThan(10);
  });

  test('registered after a child was made are obeyed by it', () => {
    const { log, secrets, text } = capture();
    const child = log.child({ bound: canary });

    secrets.add(canary);
    child.info('x');

    expect(text()).not.toContain(canary);
  });
});

describe('a line for a person', () => {
  test('is one line: time, severity, service, message, data', () => {
    const { log, text } = capture({ format: 'pretty' });

    log
      .forTrace(trace)
      .warn('The vendor is slow', { ms: 1200, url: 'https://v.example/a b', detail: { page: 2 } });

    expect(text()).toBe(
      '00:00:00.000 warn  oneroster The vendor is slow ms=1200 url="https://v.example/a b" detail={"page":2}\n',
    );
  });

  test('has its stack below', () => {
    const { log, text } = capture({ format: 'pretty' });

    log.error('A slice failed', { error: new Error('boom') });

    expect(text()).toMatch(
      /^00:00:00\.000 error oneroster A slice failed error=.*\n {4}Error: boom\n {8}at /,
    );
  });

  test('has colours only where they are asked for', () => {
    const [plain, coloured] = [capture({ format: 'pretty' }), capture({ format: 'pretty', colours: true })];

    plain.log.info('x', { a: 1 });
    coloured.log.info('x', { a: 1 });

    expect(plain.text()).not.toContain('\u001b');
    expect(coloured.text()).toContain('\u001b[36minfo \u001b[0m');
  });

  test('does not let data steer the terminal or fake a line', () => {
    const { log, text } = capture({ format: 'pretty' });

    log.info('x', { name: '\u001b[2J\nERROR faked', ['a\nb']: 1 });

    expect(text().match(/\n/g)).toHaveLength(1);
    expect(text()).not.toContain('\u001b');
  });
});

function capture(options: Partial<LogOptions> = {}) {
  const written: string[] = [];
  const secrets = createSecrets();
  const log = createLog({
    service: 'oneroster',
    version: '1.2.3',
    clock: createManualClock(),
    secrets,
    format: 'json',
    destination: { write: (line: string) => written.push(line) },
    ...options,
  });
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, secrets, text: () => written.join(''), lines };
}
