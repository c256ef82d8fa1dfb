import { Failure } from '../../failure/failure.ts';
import { entityTypeFacts } from '../../model/entity-types.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { describeIssues } from '../record-failure.ts';

/**
 * Pure. What is wrong with a value as a canonical record: the strict schema is asked of every record that may be stored, since the compiler
 * does not see excess members.
 */
export function canonicalFault({ entityType }: Entity, value: unknown): Failure | undefined {
  const parsed = entityTypeFacts(entityType).schema.safeParse(value);
  if (parsed.success) return undefined;
  return new Failure('record_quarantined', 'The record does not make a sound canonical record', {
    data: { issues: describeIssues(parsed.error) },
  });
}
