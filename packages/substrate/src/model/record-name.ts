import type { JsonObject, JsonValue } from '../json/json-value.ts';

/** As much of a name as is kept with a record, and told of it: UTF-16 units. */
export const longestRecordName = 255;

/** Pure. What a person calls a record, as far as it is kept with it; null where it has no name. */
export function keptRecordName(value: JsonObject | null | undefined): string | null {
  const name = recordName(value);
  if (name === '') return null;
  if (name.length <= longestRecordName) return name;
  // Half of a character that was cut through goes too.
  return name.slice(0, longestRecordName).replace(/[\ud800-\udbff]$/, '');
}

/** Pure. What a person calls a record: its name or title, of a person the names; empty where it has none. */
export function recordName(value: JsonObject | null | undefined): string {
  if (value === null || value === undefined) return '';
  const names = [value['givenName'], value['familyName']].filter(isText);
  if (names.length > 0) return names.join(' ');
  return [value['name'], value['title'], value['username'], value['classCode']].find(isText) ?? '';
}

/** Pure. As `recordName`; what only joins others is known by these. */
export function recordTitle(value: JsonObject | null | undefined): string {
  const name = recordName(value);
  if (name !== '' || value === null || value === undefined) return name;
  return ['userSourcedId', 'studentSourcedId', 'classSourcedId', 'lineItemSourcedId']
    .map((member) => value[member])
    .filter(isText)
    .join(' · ');
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
