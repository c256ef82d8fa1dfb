import type { Request, Response } from 'express';
import type { Clock } from '../clock/clock.ts';
import { sendJson } from './http-exchange.ts';

/** By name, what must work before a request makes sense: each check resolves when it does, and rejects when it does not. */
export type Readiness = Readonly<Record<string, () => Promise<void>>>;

/** A check that has not answered by then fails: the prober's own patience is a second or a few. */
const checkMs = 2_000;

/** The process runs and its event loop turns; says nothing of what it depends on, or a failing database would restart everything. */
export function answerHealth(_request: Request, response: Response): void {
  sendJson(response, 200, { status: 'ok' });
}

/** 200 when every check holds, else 503; and 503 as soon as the service shuts down. Names what fails, never why. */
export async function answerReadiness(
  response: Response,
  readiness: Readiness,
  ending: AbortSignal,
  clock: Clock,
): Promise<void> {
  if (ending.aborted) return sendJson(response, 503, { status: 'shutting down' });
  const names = Object.keys(readiness);
  const results = await Promise.all(names.map((name) => holds(readiness[name], clock)));
  const checks = Object.fromEntries(
    names.map((name, index) => [name, results[index] === true ? 'ok' : 'failing']),
  );
  const isReady = results.every((result) => result);
  sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', checks });
}

async function holds(check: (() => Promise<void>) | undefined, clock: Clock): Promise<boolean> {
  const over = new AbortController();
  const timeOut = clock.sleep(checkMs, over.signal).then(
    () => false,
    () => true,
  );
  const held = (async () => check?.())().then(
    () => true,
    () => false,
  );
  const result = await Promise.race([held, timeOut]);
  over.abort();
  return result;
}
