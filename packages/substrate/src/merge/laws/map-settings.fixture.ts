import { jsonPointer } from '../../json/canonical-json.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { Strategy } from '../strategy.ts';
import { recordId } from './paths.fixture.ts';

type Override = NonNullable<MergeSettings['records']>[string];

/** The settings with another strategy for each, the default included where it goes without saying. */
export function mapStrategies(
  settings: MergeSettings,
  change: (strategy: Strategy) => Strategy,
): MergeSettings {
  return {
    ...settings,
    default: change(settings.default ?? 'manual'),
    fields: mapEach(settings.fields, change),
    records: mapEach(settings.records, (override): Override => {
      if (typeof override === 'string') return change(override);
      const fields = mapEach(override.fields, change);
      return override.default === undefined ? { fields } : { default: change(override.default), fields };
    }),
  };
}

function mapEach<T>(
  values: Readonly<Record<string, T>> | undefined,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, change(value)]));
}

/** Each strategy seen from the other side. */
export function swapSides(strategy: Strategy): Strategy {
  const swapped = {
    manual: 'manual',
    resolveOurs: 'resolveTheirs',
    resolveTheirs: 'resolveOurs',
    alwaysOurs: 'alwaysTheirs',
    alwaysTheirs: 'alwaysOurs',
  } as const;
  return swapped[strategy];
}

/** What a person would decide is decided for one side. */
export function resolvedAs(
  settings: MergeSettings,
  resolution: 'resolveOurs' | 'resolveTheirs',
): MergeSettings {
  return mapStrategies(settings, (strategy) => (strategy === 'manual' ? resolution : strategy));
}

/** What the settings would resolve is left to a person, so that the conflicts of the neutral rule show. */
export function leftToPerson(settings: MergeSettings): MergeSettings {
  return mapStrategies(settings, (strategy) =>
    strategy === 'resolveOurs' || strategy === 'resolveTheirs' ? 'manual' : strategy,
  );
}

/** No strategy but one: lists, volatile fields and nulls stay as they are. */
export function withOnly(settings: MergeSettings, strategy: Strategy): MergeSettings {
  const { fields: _fields, records: _records, ...rest } = settings;
  return { ...rest, default: strategy };
}

/** The record's own exception for one of its members, which goes before everything else that is said of it as a whole. */
export function withMemberStrategy(settings: MergeSettings, name: string, strategy: Strategy): MergeSettings {
  const { records = {} } = settings;
  const before = Object.hasOwn(records, recordId) ? records[recordId] : undefined;
  const whole = typeof before === 'string' ? { default: before } : (before ?? {});
  const pointer = name === '*' ? '/~2' : jsonPointer([name]);
  const override = { ...whole, fields: { ...whole.fields, [pointer]: strategy } };
  return { ...settings, records: Object.fromEntries([...Object.entries(records), [recordId, override]]) };
}
