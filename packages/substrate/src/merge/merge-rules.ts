import type { MergeSettings } from './merge-settings.ts';
import type { Strategy } from './strategy.ts';

export interface MergeRules {
  forRecord(id: string): RecordRules;
}

export interface RecordRules {
  readonly strategy: Strategy;
}

/** Once per entity type and run. */
export function compileSettings(settings: MergeSettings): MergeRules {
  return { forRecord: () => ({ strategy: settings.default ?? 'manual' }) };
}
