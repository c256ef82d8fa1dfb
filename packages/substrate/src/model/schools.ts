import type { JsonObject } from '../json/json-value.ts';
import type { EntityType } from './entity-types.ts';

/**
 * Pure. The schools that a record is of, by their ids; none where it does not say. What a safety limit within a school counts by. A user
 * counts at his primary school, else at each where he has a role.
 */
export function schoolsOf(entityType: EntityType, recordId: string, value: JsonObject): readonly string[] {
  switch (entityType) {
    case 'org':
      return [recordId];
    case 'course':
    case 'academicSession':
      return texts(value.orgSourcedId);
    case 'user':
      return typeof value.primaryOrgSourcedId === 'string'
        ? [value.primaryOrgSourcedId]
        : schoolsOfRoles(value.roles);
    case 'class':
    case 'enrollment':
    case 'lineItem':
    case 'attendanceEvent':
      return texts(value.schoolSourcedId);
    default:
      return [];
  }
}

function schoolsOfRoles(roles: unknown): readonly string[] {
  if (!Array.isArray(roles)) return [];
  return [...new Set(roles.flatMap((role: JsonObject | null) => texts(role?.orgSourcedId)))];
}

function texts(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
