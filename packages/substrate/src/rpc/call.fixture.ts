import { createLog } from '../observability/create-log.ts';
import { createSecrets, type Secrets } from '../observability/secrets.ts';
import type { CallOrigin } from './call.ts';

/** For tests: a call of an admin, with a log that is kept in memory. */
export function createCall(
  origin: Partial<CallOrigin> = {},
  secrets: Secrets = createSecrets(),
  written: string[] = [],
): CallOrigin {
  return {
    caller: { role: 'admin', name: 'test' },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    signal: new AbortController().signal,
    log: createLog({
      service: 'test',
      version: '1.0.0',
      clock: { now: () => 0, sleep: async () => undefined },
      secrets,
      format: 'json',
      destination: { write: (line) => written.push(line) },
    }),
    ...origin,
  };
}
