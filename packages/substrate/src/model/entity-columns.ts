import { z } from 'zod';
import { type EntityType, entityTypeFacts } from './entity-types.ts';

/** What a canonical member is to a table: text, number, truth value, date, moment, or JSON for lists and objects. */
export type ColumnType = 'string' | 'number' | 'boolean' | 'date' | 'timestamp' | 'json';

export interface EntityColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Pure. The members of an entity type as typed columns, in the schema's order: what the warehouse's views are made of. */
export function entityColumns(entityType: EntityType): readonly EntityColumn[] {
  const document = z.toJSONSchema(entityTypeFacts(entityType).schema, { io: 'output' });
  return Object.entries(document.properties ?? {}).map(([name, member]) => ({
    name,
    type: columnType(member),
  }));
}

function columnType(member: z.core.JSONSchema._JSONSchema): ColumnType {
  if (typeof member === 'boolean') return 'json';
  if (member.format === 'date') return 'date';
  if (member.format === 'date-time') return 'timestamp';
  if (member.anyOf?.every((choice) => typeof choice === 'object' && choice.type === 'string'))
    return 'string';
  switch (member.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}
