import type { MergeSettings, RecordOverride } from './merge-settings.ts';
import { createFieldRules, type FieldRules, type Layer, type Ruling } from './rules/field-rules.ts';
import { type PatternTables, plantPatterns } from './rules/pattern-tree.ts';
import type { Strategy } from './strategy.ts';

/** Pure. Settings made ready for use; what stands inside is the merge's own business. */
export interface MergeRules {
  /** Those of all records that have no override. */
  readonly shared: RecordRules;
  /** The rules of one record: `shared`, but where it has an override. */
  forRecord(id: string): RecordRules;
}

export interface RecordRules {
  readonly fields: FieldRules;
  readonly nullIsAbsent: boolean;
}

/** Compiles settings, once per entity type and run. Fails with `invalid_params` where a pointer is none. */
export function compileSettings(settings: MergeSettings): MergeRules {
  const nullIsAbsent = settings.nullIsAbsent ?? false;
  const typeLayer = createLayer(
    { strategy: settings.default ?? 'manual', because: `${settings.default ?? 'manual'} (default)` },
    settings,
    '',
  );
  const shared = { fields: createFieldRules([typeLayer]), nullIsAbsent };
  const overrides = new Map(
    Object.entries(settings.records ?? {}).map(([id, override]) => [id, layerOf(override)]),
  );
  const known = new Map<string, RecordRules>();
  function forRecord(id: string): RecordRules {
    const override = overrides.get(id);
    if (override === undefined) return shared;
    const before = known.get(id);
    if (before !== undefined) return before;
    const rules = { fields: createFieldRules([override, typeLayer]), nullIsAbsent };
    known.set(id, rules);
    return rules;
  }
  return { shared, forRecord };
}

function layerOf(override: Strategy | RecordOverride): Layer {
  const { default: fallback, fields } = typeof override === 'string' ? { default: override } : override;
  const ruling = fallback === undefined ? undefined : { strategy: fallback, because: `${fallback} (record)` };
  return createLayer(ruling, { fields }, 'record, ');
}

/** A pointer that is empty speaks of the whole record, and is the longest there. */
function createLayer(fallback: Ruling | undefined, tables: PatternTables, owner: Layer['owner']): Layer {
  const root = plantPatterns(tables);
  const { strategy } = root;
  const ruling = strategy === undefined ? fallback : { strategy, because: `${strategy} (${owner}field "")` };
  return { ruling, nodes: [root], owner };
}
