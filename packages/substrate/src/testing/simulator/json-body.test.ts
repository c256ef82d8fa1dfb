import { expect, test } from 'vitest';
import { jsonObjectIn } from './json-body.ts';

test.each([
  ['{"mail": null}', { mail: null }],
  ['{}', {}],
  ['{"mail": ', undefined],
  ['', undefined],
  ['[]', undefined],
  ['"mail"', undefined],
  ['null', undefined],
])('in the body %j is %j', (body, object) => {
  expect(jsonObjectIn(body)).toEqual(object);
});
