import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { MergeSettings } from '@flotilla/substrate/merge/merge-settings';
import { entityTypeNames, isEntityType } from '@flotilla/substrate/model';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import type { z } from 'zod';
import { findPlaceFault, type KnownRecords } from './known-places.ts';

export interface SettingsFault {
  /** Relative to the settings. */
  readonly path: readonly PropertyKey[];
  /** With the nearest word that would do, where there is one. */
  readonly message: string;
}

/**
 * Pure. What is wrong with settings as somebody chose them: by their schema; and where that finds nothing, the fields of exceptions that no
 * record has, which would be exceptions of nothing.
 */
export function listSettingsFaults(chosen: unknown): readonly SettingsFault[] {
  const parsed = IntegrationSettings.safeParse(chosen);
  if (parsed.success) return listUnknownFields(parsed.data);
  return parsed.error.issues.flatMap((issue) => describeIssue(issue, chosen));
}

function describeIssue(issue: z.core.$ZodIssue, chosen: unknown): readonly SettingsFault[] {
  const { path, message } = issue;
  switch (issue.code) {
    case 'unrecognized_keys': {
      // Tables by entity type are all called so, and nothing else is.
      if (path.at(-1) === 'entityTypes')
        return issue.keys.map((key) => ({ path: [...path, key], message: sayWords(key, entityTypeNames) }));
      // The message is of the first, with the nearest word.
      const [first, ...others] = issue.keys;
      return [
        { path: [...path, first ?? ''], message },
        ...others.map((key) => ({
          path: [...path, key],
          message: `There is no ${JSON.stringify(key)} here.`,
        })),
      ];
    }
    case 'invalid_value':
      return [{ path, message: sayWords(valueAt(chosen, path), issue.values) }];
    default:
      return [{ path, message }];
  }
}

function sayWords(found: unknown, words: readonly unknown[]): string {
  const texts = words.map(String);
  const near = typeof found === 'string' ? findNearest(found, texts) : undefined;
  const said = typeof found === 'string' ? JSON.stringify(found) : 'this';
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return `${said} is none of the words that may stand here (${texts.join(', ')})${hint}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      Array.isArray(inner) || isJsonObject(inner as JsonValue | undefined)
        ? (inner as Record<PropertyKey, unknown>)[name]
        : undefined,
    value,
  );
}

function listUnknownFields({ merge, entityTypes }: IntegrationSettings): readonly SettingsFault[] {
  return [
    ...listFaultsOf(merge, ['merge'], 'any'),
    ...Object.entries(entityTypes).flatMap(([entityType, choice]) =>
      isEntityType(entityType) && choice?.merge !== undefined
        ? listFaultsOf(choice.merge, ['entityTypes', entityType, 'merge'], entityType)
        : [],
    ),
  ];
}

function listFaultsOf(
  { fields, lists, volatile, records }: MergeSettings,
  path: readonly PropertyKey[],
  known: KnownRecords,
): readonly SettingsFault[] {
  const places = [
    ...Object.keys(fields ?? {}).map((pattern) => ({ pattern, at: ['fields', pattern] })),
    ...Object.keys(lists ?? {}).map((pattern) => ({ pattern, at: ['lists', pattern] })),
    ...(volatile ?? []).map((pattern, index) => ({ pattern, at: ['volatile', index] })),
    ...Object.entries(records ?? {}).flatMap(([recordId, override]) =>
      typeof override === 'string'
        ? []
        : Object.keys(override.fields ?? {}).map((pattern) => ({
            pattern,
            at: ['records', recordId, 'fields', pattern],
          })),
    ),
  ];
  return places.flatMap(({ pattern, at }) => {
    const message = findPlaceFault(pattern, known);
    return message === undefined ? [] : [{ path: [...path, ...at], message }];
  });
}
