/**
 * Pure. The floors of the substrate, lowest first: a folder imports from its own floor and from those below, never from above.
 * `oxlint.config.ts` turns this table into rules; a folder of `packages/substrate/src` that stands in no row fails a test.
 */
export const floors = [
  ['failure', 'json', 'model', 'merge', 'settings', 'report'],
  ['clock', 'config', 'observability'],
  ['orm', 'store', 'credentials', 'tasks', 'egress', 'http'],
  ['vendor', 'rpc', 'pipeline'],
  ['service', 'testing'],
] as const;

/** What an adapter's file name ends in, before `.ts`; a folder of that name holds an adapter in several files. */
export const adapterSuffixes = [
  'sqlite',
  'spanner',
  'local',
  'duckdb',
  'system',
  'manual',
  'memory',
  'undici',
  'cloud',
  'pubsub',
  'bigquery',
  'kms',
  'google',
  'otlp',
] as const;

/** Adapters that talk to Google Cloud: the only files that may name one of its clients. */
export const cloudSuffixes = ['spanner', 'cloud', 'pubsub', 'bigquery', 'kms', 'google'] as const;

export const substrate = 'packages/substrate/src';

export function filesOfFloor(level: number): string[] {
  return (floors[level] ?? []).map((folder) => `${substrate}/${folder}/**/*.ts`);
}

export function foldersAbove(level: number): string[] {
  return floors.slice(level + 1).flat();
}

export function filesWithSuffix(suffixes: readonly string[], under = substrate): string[] {
  return suffixes.flatMap((suffix) => [`${under}/**/*.${suffix}.ts`, `${under}/**/${suffix}/**/*.ts`]);
}
