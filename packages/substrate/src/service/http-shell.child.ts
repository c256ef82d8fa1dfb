// A service for tests of its end: it says on standard output what happens to it, one word or two a line. Arguments:
//   stubborn   its task ignores the signal          noop   something installed signal handlers that do nothing
//   hurried    its grace is half a second
//   import:x   the package x was imported           hang   its second closer never ends
import { systemClock } from '../clock/clock.system.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { createLocalAuthenticator } from './authenticate.local.ts';
import { createHttpShell } from './http-shell.ts';
import { createShutdown, exitOnSignals } from './shutdown.ts';

const modes = process.argv.slice(2);
const clock = systemClock;
const log = createLog({
  service: 'fixture',
  version: '1.0.0',
  clock,
  secrets: createSecrets(),
  format: 'json',
  destination: process.stderr,
});

for (const mode of modes.filter((name) => name.startsWith('import:')))
  await import(mode.slice('import:'.length));
if (modes.includes('noop')) for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);

const shutdown = createShutdown({ log, clock, graceMs: modes.includes('hurried') ? 500 : 8_000 });
exitOnSignals(shutdown, { log, clock });
const shell = createHttpShell({
  dispatch: createDispatcher({ service: 'fixture', version: '1.0.0', methods: [], context: {} }),
  authenticator: createLocalAuthenticator({ token: 'fleet-token-0123456789' }),
  taskRoutes: {
    async slice({ signal }) {
      say('slice began');
      if (modes.includes('stubborn')) return clock.sleep(60_000);
      await clock.sleep(60_000, signal).catch(() => say('slice checkpoints'));
      await clock.sleep(100);
      say('slice ended');
    },
    async crash() {
      void Promise.reject(new Error('nobody waits for this'));
      await clock.sleep(60_000);
    },
  },
  shutdown,
  log,
  clock,
});
shutdown.addCloser('first', async () => {
  await clock.sleep(20);
  say('first closed');
});
shutdown.addCloser('second', async () => {
  if (modes.includes('hang')) await clock.sleep(60_000);
  say('second closed');
});
const { url } = await shell.listen(0);
say(url);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
