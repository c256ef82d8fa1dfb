import type { Strategy } from './strategy.ts';

export interface MergeRules {
  forRecord(id: string): RecordRules;
}

export interface RecordRules {
  readonly strategy: Strategy;
}

export function createMergeRules(strategy: Strategy): MergeRules {
  return { forRecord: () => ({ strategy }) };
}
