import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { Schema, Standard } from './standard.ts';

type Errors = Record<string, string[]>;
/** What the host sets itself: read in a body, and ignored. */
const own = ['id', 'link', '_etag', '_lastModifiedDate'];

/** Pure. What is wrong with a body, by JSON path, all of it at once; empty where nothing is. */
export function checkBody(standard: Standard, schema: Schema, body: JsonObject): Errors {
  const errors: Errors = {};
  checkObject(body, schema, '$');
  return errors;

  function checkObject(object: JsonObject, { properties = {}, required = [] }: Schema, path: string): void {
    for (const name of required)
      if (isMissing(object[name])) add(`${path}.${name}`, `${capital(name)} is required.`);
    for (const [name, value] of Object.entries(object)) {
      const property = properties[name];
      if (own.includes(name) || value === null) continue;
      // The platform ignores what it does not know; we would rather learn that we misspelled it.
      if (property === undefined) add(`${path}.${name}`, `${capital(name)} is no member of this resource.`);
      else check(value, standard.schemaOf(property), `${path}.${name}`, capital(name));
    }
  }

  function check(value: JsonValue, schema: Schema, path: string, name: string): void {
    const { type = 'object', maxLength = Number.POSITIVE_INFINITY, minLength = 0 } = schema;
    if (!isOfType(value, schema))
      return add(path, `Error converting value ${JSON.stringify(value)} to type '${type}'.`);
    if (typeof value === 'string' && (value.length > maxLength || value.length < minLength))
      add(path, `${name} must be between ${minLength} and ${maxLength} characters in length.`);
    if (typeof value === 'string' && value !== value.trim())
      add(path, `${name} cannot contain leading or trailing spaces.`);
    if (typeof value === 'number' && value < (schema.minimum ?? Number.NEGATIVE_INFINITY))
      add(path, `${name} must be at least ${schema.minimum}.`);
    if (Array.isArray(value))
      value.forEach((item, at) => check(item, standard.schemaOf(schema.items ?? {}), `${path}[${at}]`, name));
    else if (isJsonObject(value)) checkObject(value, schema, path);
  }

  function add(path: string, message: string): void {
    errors[path] = [...(errors[path] ?? []), message];
  }
}

function isOfType(value: JsonValue, { type = 'object', format }: Schema): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number' || type === 'boolean') return typeof value === type;
  return typeof value === 'string' && (format !== 'date' || /^\d{4}-\d\d-\d\d$/.test(value));
}

function isMissing(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
