import { Failure } from '../failure/failure.ts';
import type { WarehouseEntityType, WarehouseField } from './warehouse.ts';

export interface WarehouseTableNames {
  readonly raw: string;
  readonly changes: string;
  readonly current: string;
}

/** The columns that every `_current` view has, before those of the record's fields. */
export const currentColumns = [
  'customer_id',
  'integration_id',
  'vendor',
  'id',
  'sequence',
  'change_id',
  'run_id',
  'changed_at',
] as const;

/** Pure. `academicSession` becomes `academic_session_changes_raw` and its views. */
export function tableNamesOf(entityType: string): WarehouseTableNames {
  const stem = toSnakeCase(entityType, { entityType });
  return { raw: `${stem}_changes_raw`, changes: `${stem}_changes`, current: `${stem}_current` };
}

/**
 * Pure. Each field with its column: snake case, and behind `field_` where that is one of the view's own columns. Fails with
 * `config_invalid` for a name that is no identifier and for two fields that would share a column.
 */
export function columnsOf({
  entityType,
  fields,
}: WarehouseEntityType): readonly { readonly column: string; readonly field: WarehouseField }[] {
  const own = new Set<string>(currentColumns);
  const taken = new Set<string>();
  return fields.map((field) => {
    const name = toSnakeCase(field.name, { entityType, field: field.name });
    const column = own.has(name) ? `field_${name}` : name;
    if (taken.has(column)) {
      throw new Failure('config_invalid', 'Two fields would share a warehouse column', {
        data: { entityType, field: field.name, column },
      });
    }
    taken.add(column);
    return { column, field };
  });
}

function toSnakeCase(name: string, data: Readonly<Record<string, string>>): string {
  if (!/^[a-zA-Z][a-zA-Z0-9]{0,99}$/.test(name)) {
    throw new Failure('config_invalid', 'A warehouse name is letters and digits, and begins with a letter', {
      data,
    });
  }
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
