import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { expect, onTestFinished, test } from 'vitest';
import { openMailbox } from './mailbox.ts';

test('a mail becomes a file that only its owner can read, named by time and recipient, wherever the address would lead', async () => {
  const home = mkdtempSync(join(tmpdir(), 'flotilla-mailbox-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const told: string[] = [];
  const mailbox = await openMailbox({
    home,
    clock: createManualClock(Date.UTC(2026, 0, 1, 7)),
    onMail: (to, path) => told.push(`${to} ${path}`),
  });
  onTestFinished(() => mailbox.stop());
  const { port, hostname } = new URL(mailbox.environment.FLOTILLA_SMTP_URL ?? '');
  expect(hostname).toBe('127.0.0.1');

  await say(Number(port), [
    'EHLO here',
    'MAIL FROM:<flotilla@localhost>',
    'RCPT TO:</etc/ana+x@district.example>',
    'DATA',
    'Subject: Hello\r\n\r\nAll is well.\r\n.',
    'QUIT',
  ]);

  const [name = ''] = readdirSync(mailbox.folder);
  expect(name).toBe('20260101-070000-1-_etc_ana_x@district.example.eml');
  expect(readFileSync(join(mailbox.folder, name), 'utf8')).toContain('All is well.');
  expect(statSync(join(mailbox.folder, name)).mode & 0o777).toBe(0o600);
  expect(told).toEqual([`/etc/ana+x@district.example ${join(mailbox.folder, name)}`]);
});

/** Says one line after each answer. */
async function say(port: number, lines: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const left = [...lines];
  for await (const answer of socket) {
    // The last line of an answer has a blank behind its code; the server hangs up after the last of ours.
    const line = /^\d{3} .*\r\n$/m.test(String(answer)) ? left.shift() : undefined;
    if (line !== undefined) socket.write(`${line}\r\n`);
  }
}
