import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';

/** Pure. What a person would call a record: its name or title, of a person the names, else nothing. */
export function recordTitle(value: JsonObject | null | undefined): string {
  if (value === null || value === undefined) return '';
  const names = [value['givenName'], value['familyName']].filter(isText);
  if (names.length > 0) return names.join(' ');
  const told = [value['name'], value['title'], value['username'], value['classCode']].find(isText);
  if (told !== undefined) return told;
  // What only joins others is known by these.
  return ['userSourcedId', 'studentSourcedId', 'classSourcedId', 'lineItemSourcedId']
    .map((name) => value[name])
    .filter(isText)
    .join(' · ');
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
