import { compileSettings, type MergeRules } from '../../merge/merge-rules.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { type IntegrationSettings, mergeSettingsFor } from '../../settings/integration-settings.ts';

/** By which records of an entity type are taken back. */
export type UndoRules = (entityType: EntityType) => MergeRules;

/** Lists and volatile members as chosen, but no strategy: what was changed since is never decided by a rule. */
export function createUndoRules(settings: IntegrationSettings): UndoRules {
  const compiled = new Map<EntityType, MergeRules>();
  return (entityType) => {
    const known = compiled.get(entityType);
    if (known !== undefined) return known;
    const chosen = mergeSettingsFor(settings, entityType);
    const rules = compileSettings({ ...chosen, default: 'manual', fields: {}, records: {} });
    compiled.set(entityType, rules);
    return rules;
  };
}
