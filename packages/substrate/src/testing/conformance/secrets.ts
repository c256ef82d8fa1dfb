import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretsOf } from '../../http/auth.ts';
import type { TransportRequest } from '../../http/transport.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { createSecrets } from '../../observability/secrets.ts';
import { firstIntegration, type VendorStage } from '../vendor-stage.ts';
import type { Suite } from './suite.ts';
import { isListRequest } from './wire-tap.ts';

/** That a credential is nowhere but in its sealed column and in the requests that it signs. */
export function describeSecrets(suite: Suite): void {
  const { open, subject } = suite;
  const only = { entityTypes: [subject.entityType] };

  test('no log line, error, report, task, message or stored byte carries the credential or a token, however the vendor echoes it', async () => {
    const stage = await open('long');
    const { customerId } = stage;
    const collection = stage.collection(subject);
    const told: unknown[] = [];

    // A good run, one with a failure in which the vendor repeats the whole request, one that is refused, and what people then look at.
    told.push(await stage.sync());
    for (const status of [400, 401, 500]) {
      stage.tap.tamper((response, request) =>
        isListRequest(request, collection)
          ? { ...response, status, body: echo(request, suite, stage) }
          : response,
      );
      const runId = await stage.start(only);
      told.push(await stage.deliver(runId, { retryCount: 100 }).catch((thrown: unknown) => thrown));
      told.push(await stage.outcome(runId));
      told.push(await stage.call('runs.get.v1', { customerId, runId }));
      told.push(await stage.call('connection.check.v1', { customerId, integrationId: firstIntegration }));
    }
    stage.tap.tamper((response, request) => ({
      ...response,
      status: 401,
      body: echo(request, suite, stage),
    }));
    told.push(await stage.call('connection.check.v1', { customerId, integrationId: firstIntegration }));
    const fresh = await stage.start(only);
    told.push(await stage.deliver(fresh), await stage.outcome(fresh));

    const secrets = secretsIn(suite, stage);
    expect(secrets.length).toBeGreaterThan(0);
    expect(stage.logged.length).toBeGreaterThan(0);
    expect(findIn(secrets, stage.logged.join('\n')), 'in the log').toEqual([]);
    expect(findIn(secrets, JSON.stringify(told, withErrors)), 'in what people and programs are told').toEqual(
      [],
    );
    expect(findIn(secrets, JSON.stringify(stage.enqueued)), 'in tasks').toEqual([]);
    expect(findIn(secrets, JSON.stringify(stage.attempts)), 'in attempt reports').toEqual([]);
    expect(findIn(secrets, stage.tap.sent.map(({ url }) => url.href).join('\n')), 'in URLs').toEqual([]);
    for (const file of filesIn(stage.home)) {
      expect(findIn(secrets, readFileSync(file).toString('latin1')), file).toEqual([]);
    }
  });

  test('the search finds what is stored in the open, so that finding nothing means something', async () => {
    const stage = await open();
    await stage.sync(only);

    const bytes = filesIn(stage.home).map((file) => readFileSync(file).toString('latin1'));

    expect(bytes.some((text) => findIn([stage.customerId], text).length > 0)).toBe(true);
    expect(
      secretsIn(suite, stage).some((secret) => stage.tap.sent.some((request) => carries(request, secret))),
    ).toBe(true);
  });
}

/** The secrets of the credential, and every token or signature that went over the wire. */
function secretsIn(suite: Suite, stage: VendorStage): readonly string[] {
  const headers = stage.tap.sent.flatMap(({ headers: { authorization } }) =>
    authorization === undefined ? [] : [authorization.slice(authorization.indexOf(' ') + 1)],
  );
  return [...new Set([...secretsOf(suite.authStyle(stage)), ...headers])];
}

/** An answer as some gateways give it: everything that they were sent, in several spellings. */
function echo(request: TransportRequest, suite: Suite, stage: VendorStage): Uint8Array {
  const { url, headers, body } = request;
  const secrets = secretsOf(suite.authStyle(stage));
  const text = {
    error: `Cannot serve ${url.href} with ${headers.authorization}`,
    headers,
    body: String(body ?? ''),
    secrets: secrets.map((secret) => [secret, encodeURIComponent(secret)]),
  };
  return new TextEncoder().encode(JSON.stringify(text));
}

/** Those of the secrets that occur in a text, in any of the forms in which they travel. */
function findIn(secrets: readonly string[], text: string): readonly string[] {
  return secrets.filter((secret) => {
    const forms = createSecrets();
    forms.add(secret);
    return forms.values.some((form) => text.includes(form));
  });
}

function carries({ headers, body }: TransportRequest, secret: string): boolean {
  return findIn([secret], JSON.stringify(headers) + String(body ?? '')).length > 0;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Errors have no members of their own for JSON. */
function withErrors(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value] as JsonValue;
  if (!(value instanceof Error)) return value;
  const { message, stack, cause } = value;
  return { ...Object.fromEntries(Object.entries(value)), message, stack, cause };
}
