import { pathToFileURL } from 'node:url';
import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import type { AnyMethod } from '@flotilla/substrate/rpc';
import { vendorMethods } from '@flotilla/substrate/service';
import type { Vendor } from '@flotilla/substrate/vendor';
import { findExported } from '../fleet/find-exported.ts';

/** An old version of a method, and how it is answered through the newer one. */
export interface VersionPair {
  readonly older: AnyMethod<never>;
  readonly translation: NonNullable<AnyMethod<never>['translation']>;
}

/**
 * The two versions of a vendor's method that are to be compared: `records.read` is its newest old one, `records.read.v1` that one. Fails with
 * `not_found`, naming what there is.
 */
export async function findVersions(services: string, vendorId: string, method: string): Promise<VersionPair> {
  const found = findExported(services, './vendor');
  const one = found.find(({ vendor }) => vendor === vendorId);
  if (one === undefined) {
    throw refuse(
      'There is no such vendor',
      { vendor: vendorId },
      vendorId,
      found.map(({ vendor }) => vendor),
    );
  }
  const loaded = (await import(pathToFileURL(one.module).href)) as Readonly<Record<string, unknown>>;
  const vendor = Object.values(loaded).find((value) => isVendor(value, vendorId));
  if (!isVendor(vendor, vendorId)) {
    throw new Failure('config_invalid', 'The module of this vendor does not export its description', {
      data: { vendor: vendorId, module: one.module },
    });
  }
  return chooseVersions(vendorMethods(vendor), method);
}

/** Pure. */
export function chooseVersions(methods: readonly AnyMethod<never>[], asked: string): VersionPair {
  const pairs = methods.flatMap((older) =>
    older.translation === undefined ? [] : [{ older, translation: older.translation }],
  );
  const [pair] = pairs
    .filter(({ older }) => older.name === asked || older.wireName === asked)
    .toSorted((a, b) => b.older.version - a.older.version);
  if (pair !== undefined) return pair;
  const names = [...new Set(pairs.map(({ older }) => older.name))];
  throw refuse('The vendor has no older version of such a method', { method: asked }, asked, names);
}

function isVendor(value: unknown, id: string): value is Vendor {
  return (
    typeof value === 'object' && value !== null && 'id' in value && value.id === id && 'entities' in value
  );
}

function refuse(
  message: 'There is no such vendor' | 'The vendor has no older version of such a method',
  data: Readonly<Record<string, string>>,
  asked: string,
  known: readonly string[],
): Failure {
  const nearest = findNearest(asked, known);
  const hint = nearest === undefined ? '' : ` Is ${nearest} meant?`;
  const advice = known.length === 0 ? 'There is none.' : `There is ${known.join(', ')}.${hint}`;
  return new Failure('not_found', message, { data: { ...data, advice } });
}
