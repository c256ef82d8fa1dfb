import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { compareAnswers, type Difference } from './compare-answers.ts';
import type { VersionPair } from './find-versions.ts';

/** One call, made of both versions. */
export interface ShadowedCall {
  readonly params: JsonObject;
  /** Empty: both said the same. */
  readonly differences: readonly Difference[];
  readonly olderMs: number;
  readonly newerMs: number;
}

/**
 * Calls the older version as its callers do, and the newer one with the same in its own words. What differs is asked once more: between the
 * two calls the vendor's data may have changed.
 */
export async function shadowCall(
  service: RpcClient,
  pair: VersionPair,
  params: JsonObject,
  clock: Clock,
): Promise<ShadowedCall> {
  const first = await callBoth(service, pair, params, clock);
  return first.differences.length === 0 ? first : await callBoth(service, pair, params, clock);
}

async function callBoth(
  service: RpcClient,
  pair: VersionPair,
  params: JsonObject,
  clock: Clock,
): Promise<ShadowedCall> {
  const { older, translation } = pair;
  const parsed = older.params.safeParse(params);
  if (!parsed.success) {
    throw new Failure('invalid_params', 'These are no parameters of the older version', {
      data: {
        method: older.wireName,
        issues: parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message })),
      },
    });
  }
  const startedAt = clock.now();
  const before = await service.send(older.wireName, params);
  const between = clock.now();
  // `never` stands for the older version's own parameters, which were parsed just now.
  const after = await service.send(translation.newer, {
    ...translation.up(parsed.data as never),
  } as JsonObject);
  return {
    params,
    differences: compareAnswers(pair, before, after),
    olderMs: between - startedAt,
    newerMs: clock.now() - between,
  };
}
