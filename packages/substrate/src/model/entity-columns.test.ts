import { expect, test } from 'vitest';
import { entityColumns } from './entity-columns.ts';
import { type EntityType, entityTypeFacts, entityTypeNames } from './entity-types.ts';

test.each(entityTypeNames)('a %s has one column for each of its members, in their order', (entityType) => {
  const columns = entityColumns(entityType).map(({ name }) => name);
  expect(columns).toEqual(Object.keys(entityTypeFacts(entityType).schema.shape));
});

test.each<[EntityType, string, string]>([
  ['org', 'status', 'string'],
  ['org', 'dateLastModified', 'timestamp'],
  ['org', 'metadata', 'json'],
  ['org', 'type', 'string'],
  ['academicSession', 'startDate', 'date'],
  ['class', 'grades', 'json'],
  ['class', 'termSourcedIds', 'json'],
  ['user', 'enabledUser', 'boolean'],
  ['user', 'roles', 'json'],
  ['user', 'userIds', 'json'],
  ['enrollment', 'primary', 'boolean'],
  ['enrollment', 'role', 'string'],
  ['enrollment', 'userSourcedId', 'string'],
  ['demographics', 'birthDate', 'date'],
  ['demographics', 'sex', 'string'],
  ['category', 'weight', 'number'],
  ['lineItem', 'assignDate', 'timestamp'],
  ['lineItem', 'resultValueMax', 'number'],
  ['result', 'score', 'number'],
  ['result', 'scoreDate', 'date'],
  ['result', 'scoreStatus', 'string'],
])("a %s's %s is a %s", (entityType, member, type) => {
  expect(entityColumns(entityType)).toContainEqual({ name: member, type });
});
