import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';

/** Pure. What a person would call a record: its name or title, of a person the names, else by what it joins. */
export function recordTitle(value: JsonObject | null | undefined): string {
  const name = recordName(value);
  if (name !== '' || value == null) return name;
  // What only joins others is known by these.
  return ['userSourcedId', 'studentSourcedId', 'classSourcedId', 'lineItemSourcedId']
    .map((member) => value[member])
    .filter(isText)
    .join(' · ');
}

/** Pure. Its name or title, of a person the names; empty where it has none. */
export function recordName(value: JsonObject | null | undefined): string {
  if (value === null || value === undefined) return '';
  const names = [value['givenName'], value['familyName']].filter(isText);
  if (names.length > 0) return names.join(' ');
  return [value['name'], value['title'], value['username'], value['classCode']].find(isText) ?? '';
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
