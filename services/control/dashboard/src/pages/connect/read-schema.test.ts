import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { findFaults, toEntered, toValue } from './entered.ts';
import type { FormChoice } from './form-field.ts';
import { readSchema } from './read-schema.ts';

const text = { type: 'string', minLength: 1 };
const credential: JsonObject = {
  oneOf: [
    {
      type: 'object',
      properties: {
        type: { type: 'string', const: 'oauth2', description: 'With a client' },
        clientId: text,
        clientSecret: text,
        clientAuth: { type: 'string', enum: ['basic', 'form'], default: 'basic' },
      },
      required: ['type', 'clientId', 'clientSecret'],
    },
    {
      type: 'object',
      properties: { type: { type: 'string', const: 'service_account' }, private_key: text, subject: text },
      required: ['type', 'private_key', 'subject'],
    },
  ],
};
const connection: JsonObject = {
  type: 'object',
  properties: {
    pageSize: { type: 'integer', minimum: 1, maximum: 1000 },
    baseUrl: { type: 'string', format: 'uri', description: 'Where it is' },
    scopes: { type: 'array', items: { type: 'string' } },
    guardians: { type: 'boolean', default: false },
    token: { type: 'string', pattern: '^[\\x21-\\x7e]+$' },
    offered: { type: 'object', additionalProperties: { type: 'string' } },
  },
  required: ['baseUrl'],
};

function only(schema: JsonObject): FormChoice {
  const [choice] = readSchema(schema, 'connection');
  if (choice === undefined) throw new Error('a schema has at least one form');
  return choice;
}

function faultsOf(entered: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    findFaults(only(connection), entered).map(({ pointer, message }) => [pointer, message]),
  );
}

describe('a form', () => {
  test('has one choice for each alternative of a credential, told apart by type, which is not asked for', () => {
    const choices = readSchema(credential, 'credential');
    expect(choices.map(({ name, label, hint, constants }) => ({ name, label, hint, constants }))).toEqual([
      { name: 'oauth2', label: 'OAuth 2', hint: 'With a client', constants: { type: 'oauth2' } },
      {
        name: 'service_account',
        label: 'Service account',
        hint: undefined,
        constants: { type: 'service_account' },
      },
    ]);
    expect(choices.flatMap(({ fields }) => fields.map(({ name }) => name))).not.toContain('type');
  });

  test('hides what is secret in a credential, keys of several lines too, and shows what only names somebody', () => {
    const fields = readSchema(credential, 'credential').flatMap((choice) => choice.fields);
    expect(Object.fromEntries(fields.map(({ name, kind }) => [name, kind]))).toEqual({
      clientId: 'text',
      clientSecret: 'secret',
      clientAuth: 'choice',
      private_key: 'key',
      subject: 'text',
    });
  });

  test('asks for every member, what is needed first, and as JSON for what it does not know', () => {
    expect(only(connection).fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
      ['baseUrl', 'url', true],
      ['pageSize', 'number', false],
      ['scopes', 'list', false],
      ['guardians', 'flag', false],
      ['token', 'text', false],
      ['offered', 'json', false],
    ]);
  });
});

describe('what was entered', () => {
  test('becomes what the vendor takes: constants with it, blanks at the ends gone, empty fields left out', () => {
    const [oauth2] = readSchema(credential, 'credential');
    expect(oauth2 && toValue(oauth2, { clientId: ' a ', clientSecret: 'b\n', clientAuth: '' })).toEqual({
      type: 'oauth2',
      clientId: 'a',
      clientSecret: 'b',
    });
    const entered = {
      baseUrl: 'https://a.example',
      pageSize: '500',
      scopes: 'one\n\n two ',
      guardians: 'false',
      offered: '{"a":"b"}',
    };
    expect(toValue(only(connection), entered)).toEqual({
      baseUrl: 'https://a.example',
      pageSize: 500,
      scopes: ['one', 'two'],
      guardians: false,
      offered: { a: 'b' },
    });
  });

  test('is the same again after it was stored and shown', () => {
    const stored = { baseUrl: 'https://a.example', pageSize: 5, scopes: ['x', 'y'], guardians: true };
    const form = only(connection);
    expect(toValue(form, toEntered(form, stored))).toEqual(stored);
  });

  test('is told field by field where it does not fit', () => {
    expect(faultsOf({})).toEqual({ '/baseUrl': 'This is needed.' });
    expect(
      faultsOf({
        baseUrl: 'a.example',
        pageSize: '1.5',
        token: 'two words',
        offered: '{',
      }),
    ).toEqual({
      '/baseUrl': 'This is no address; it begins with https://',
      '/pageSize': 'Only whole numbers fit here.',
      '/token': 'There is a blank or a line break in it; copy it again.',
      '/offered': 'This is no JSON.',
    });
    expect(faultsOf({ baseUrl: 'https://a.example', pageSize: '1001' })).toEqual({
      '/pageSize': 'At most 1000.',
    });
    expect(faultsOf({ baseUrl: 'https://a.example', pageSize: '1000', token: 'x' })).toEqual({});
  });
});
