import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { onTestFinished } from 'vitest';
import type { Host } from '../host.ts';
import { createTerminal } from '../output/terminal.ts';
import { runProgram } from '../program.ts';
import { writeFleetFile } from './fleet-file.ts';

/** By the method's wire name: its result, or what makes one of the parameters; an `Error` is answered as a failure of the code in its message. */
export type FakeAnswers = Readonly<Record<string, JsonValue | ((params: JsonObject) => JsonValue | Error)>>;

export interface FakeControl {
  /** What was called with what, in order. */
  readonly calls: readonly (readonly [method: string, params: JsonObject])[];
  /** What was opened in a browser. */
  readonly opened: readonly string[];
  /** Runs a command line in this process against it. */
  run(
    ...words: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** A fleet whose only service answers what it is told to: for how commands ask and how they show it. */
export async function openFakeControl(
  answers: FakeAnswers,
  columns?: number,
  hasScreen = true,
): Promise<FakeControl> {
  const opened: string[] = [];
  const calls: [string, JsonObject][] = [];
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, method, params } = JSON.parse(await text(request)) as {
      id: number;
      method: string;
      params: JsonObject;
    };
    calls.push([method, params]);
    const known = answers[method];
    const result = typeof known === 'function' ? known(params) : known;
    const body =
      result === undefined
        ? { error: { code: -32601, message: 'Method not found' } }
        : result instanceof Error
          ? { error: { code: -32000, message: 'Refused', data: { code: result.message } } }
          : { result };
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
  }
  await once(server, 'listening');
  const home = mkdtempSync(join(tmpdir(), 'flotilla-fake-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFleetFile(home, { token: 'a-token', services: { control: { url, pid: process.pid } } });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    rmSync(home, { recursive: true, force: true });
  });
  return {
    calls,
    opened,
    async run(...words) {
      const out = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
      const err = new PassThrough();
      let hasFailed = false;
      const host: Host = {
        cwd: home,
        repository: home,
        terminal: createTerminal({ out, err, wantsColor: false }),
        clock: systemClock,
        interrupted: new AbortController().signal,
        userName: 'ana',
        async openInBrowser(url) {
          if (hasScreen) opened.push(url);
          return hasScreen;
        },
        node: process.execPath,
        childEnvironment: {},
        readStandardInput: async () => '',
        standardInput: { isTerminal: false, async *read() {} },
        whenOutputTaken: async () => {},
        markFailed() {
          hasFailed = true;
        },
      };
      const hasSucceeded = await runProgram(host, [...words, '--home', home]);
      out.end();
      err.end();
      return { code: hasSucceeded && !hasFailed ? 0 : 1, out: await text(out), err: await text(err) };
    },
  };
}
