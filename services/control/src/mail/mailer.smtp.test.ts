import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSmtpMailer } from './mailer.smtp.ts';

const mail = {
  to: 'ana@district.example',
  subject: 'Hello',
  text: 'All is well.',
  html: '<p>All is well.</p>',
  messageId: '<1@district.example>',
};
const password = 'a-password-of-ours';

/** Answers what was said to it before the mail: `AUTH`, `MAIL`. */
async function sendTo(host: string, options: SMTPServerOptions, to: (port: number) => string) {
  const said: string[] = [];
  const server = new SMTPServer({
    ...options,
    onAuth({ password: given }, _session, callback) {
      said.push('AUTH');
      if (given === password) callback(null, { user: 'flotilla' });
      else callback(new Error('Wrong password'));
    },
    onMailFrom(_address, _session, callback) {
      said.push('MAIL');
      callback();
    },
  });
  server.on('error', () => undefined);
  server.listen(0, host);
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const mailer = createSmtpMailer({ smtpUrl: to(port), from: 'flotilla@district.example' });
  onTestFinished(() => mailer.close());
  const outcome = mailer.send(mail, new AbortController().signal);
  return { said, outcome };
}

describe('a mail by SMTP', () => {
  test('never gives a password to another machine without encryption', async () => {
    const plain = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
    // Any address but 127.0.0.1 is another machine to the mailer.
    const { said, outcome } = await sendTo(
      '127.0.0.2',
      plain,
      (port) => `smtp://u:${password}@127.0.0.2:${port}`,
    );

    await expect(outcome).rejects.toMatchObject({ code: 'config_invalid' });
    expect(said).toEqual([]);
  });

  test('gives it to this machine, and says so where it is wrong', async () => {
    const plain = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
    const right = await sendTo('127.0.0.1', plain, (port) => `smtp://u:${password}@127.0.0.1:${port}`);
    await right.outcome;
    expect(right.said).toEqual(['AUTH', 'MAIL']);

    const wrong = await sendTo('127.0.0.1', plain, (port) => `smtp://u:another@127.0.0.1:${port}`);
    await expect(wrong.outcome).rejects.toMatchObject({
      code: 'config_invalid',
      message: 'The mail server does not let us in',
    });
  });

  test('that reaches nobody may be tried again', async () => {
    const mailer = createSmtpMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'flotilla@district.example' });
    await expect(mailer.send(mail, new AbortController().signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The mail server does not answer',
    });
  });

  test('is not sent any more where the process is about to end, and that is no word against the mail server', async () => {
    const mailer = createSmtpMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'flotilla@district.example' });
    await expect(mailer.send(mail, AbortSignal.abort())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'It was cut short here: the service was ending, or who asked had gone',
    });
  });
});
