import { expect, test } from 'vitest';
import { describeMethod } from './describe-method.ts';

test('a method is told with the type and meaning of each parameter', () => {
  const method = {
    name: 'rosters.sync.v1',
    summary: 'Starts a sync',
    params: [
      {
        name: 'customerId',
        required: true,
        description: 'The customer, as registered',
        schema: { type: 'string' },
      },
      {
        name: 'entityTypes',
        required: false,
        schema: { type: 'array', items: { enum: ['org', 'user'] } },
      },
      { name: 'limit', required: false, schema: { type: 'integer', default: 100 } },
      { name: 'value', required: false, schema: {} },
    ],
  };

  expect(describeMethod(method).split('\n')).toEqual([
    'Starts a sync',
    'customerId   string, required, The customer, as registered',
    'entityTypes  list of org | user, optional',
    'limit        integer, optional (100)',
    'value        JSON, optional',
  ]);
});
