import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import { createCall } from './call.fixture.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { defineMethod, olderVersion } from './define-method.ts';
import { describeService } from './openrpc.ts';

// Their types say nothing of the schemas they export.
const require = createRequire(import.meta.url);
const { openrpcDocument } = require('@open-rpc/meta-schema') as { openrpcDocument: object };
const { jsonSchema } = require('@json-schema-tools/meta-schema') as { jsonSchema: object };
const draft7 = 'http://json-schema.org/draft-07/schema#';

const category = z.object({
  name: z.string(),
  get children() {
    return z.array(category);
  },
});
const CustomerId = z.string().min(1).max(64).describe('The district or institution');
const sync = defineMethod({
  name: 'rosters.sync',
  version: 2,
  summary: 'Starts a roster sync',
  description: 'Answers at once; follow the run with runs.get.v1.',
  params: z.strictObject({
    limit: z.number().int().positive().optional(),
    customerId: CustomerId,
    context: z.enum(['nightly', 'manual']).default('manual'),
    tree: category.optional(),
  }),
  result: z.strictObject({ runId: z.string(), tree: category.optional() }),
  roles: ['admin', 'orchestrator'],
  errors: ['credentials_rejected', 'lease_held'],
  run: async () => ({ runId: 'r' }),
});
const syncV1 = olderVersion(sync, {
  version: 1,
  params: z.strictObject({ customer: z.string() }),
  result: z.strictObject({ run: z.string() }),
  up: ({ customer }) => ({ customerId: customer }),
  down: ({ runId }) => ({ run: runId }),
});

async function discover(): Promise<JsonObject> {
  const dispatch = createDispatcher({
    service: 'oneroster',
    version: '1.2.3',
    methods: [sync, syncV1],
    context: {},
  });
  const answer = await dispatch(
    { jsonrpc: '2.0', method: 'rpc.discover', id: 1 },
    createCall({ caller: { role: 'viewer', name: 'x' } }),
  );
  return (answer as { result: JsonObject }).result;
}

test('the document satisfies the meta-schema of OpenRPC', async () => {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  // OpenRPC's schema points to the other by its address with and without a final slash; both name meta-schemas of their own for draft 7.
  for (const $id of ['https://meta.json-schema.tools', 'https://meta.json-schema.tools/'])
    ajv.addSchema({ ...jsonSchema, $schema: draft7, $id });
  const validate = ajv.compile({ ...openrpcDocument, $schema: draft7 });
  const document = await discover();

  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  // That the check can fail at all.
  expect(validate({ ...document, methods: [{ name: 'x' }] })).toBe(false);
  expect(validate({ ...document, unknown: 1 })).toBe(false);
});

test('every schema in it compiles, with its references, and accepts what the method accepts', async () => {
  const document = await discover();
  const ajv = new Ajv({ strict: false });
  ajv.addSchema({ $id: 'https://test.example/openrpc', ...document });
  const methods = document.methods as unknown as {
    name: string;
    params: { name: string; schema: JsonObject }[];
  }[];
  const at = (path: string) => ajv.compile({ $ref: `https://test.example/openrpc#/methods/0${path}` });
  const params = methods[0]?.params.map(({ name }) => name) ?? [];

  const [limit, customerId, tree] = ['limit', 'customerId', 'tree'].map((name) =>
    at(`/params/${params.indexOf(name)}/schema`),
  );

  expect([limit?.(1), limit?.(0), customerId?.('c'), customerId?.('')]).toEqual([true, false, true, false]);
  expect([
    tree?.({ name: 'a', children: [{ name: 'b', children: [] }] }),
    tree?.({ name: 'a', children: [{ name: 1 }] }),
  ]).toEqual([true, false]);
  expect(at('/result/schema')({ runId: 'r', tree: { name: 'a', children: [{}] } })).toBe(false);
});

test('a method is described with all that a caller needs', async () => {
  const { openrpc, info, methods } = await discover();
  const [described, older, self] = methods as readonly JsonObject[];

  expect({ openrpc, info }).toEqual({ openrpc: '1.3.2', info: { title: 'oneroster', version: '1.2.3' } });
  expect(described).toMatchObject({
    name: 'rosters.sync.v2',
    summary: 'Starts a roster sync',
    description: 'Answers at once; follow the run with runs.get.v1.',
    paramStructure: 'by-name',
    'x-roles': ['admin', 'orchestrator'],
    result: { name: 'result', schema: { type: 'object', required: ['runId'] } },
  });
  expect(
    membersOf(described, 'params').map(({ name, required, description }) => ({
      name,
      required,
      description,
    })),
  ).toEqual([
    { name: 'customerId', required: true, description: 'The district or institution' },
    { name: 'limit', required: false, description: undefined },
    { name: 'context', required: false, description: undefined },
    { name: 'tree', required: false, description: undefined },
  ]);
  expect(membersOf(described, 'errors').map(({ code, data }) => [code, (data as JsonObject).code])).toEqual([
    [-32012, 'credentials_rejected'],
    [-32026, 'lease_held'],
    [-32602, 'invalid_params'],
    [-32001, 'unauthenticated'],
    [-32003, 'forbidden'],
    [-32603, 'internal'],
  ]);
  expect(older).toMatchObject({ name: 'rosters.sync.v1', deprecated: true, params: [{ name: 'customer' }] });
  expect(self).toMatchObject({ name: 'rpc.discover', params: [] });
});

test('the document can be had without a service that runs, to be kept beside its source', async () => {
  const described = describeService({ service: 'oneroster', version: '1.2.3', methods: [sync, syncV1] });

  expect(described).toEqual(await discover());
});

test('a schema that JSON cannot say is refused when the service is described, as each is into its rendered document before it is deployed', () => {
  const when = defineMethod({
    name: 'a.b',
    version: 1,
    summary: 'x',
    params: z.strictObject({ at: z.date() }),
    result: z.strictObject({}),
    roles: ['admin'],
    run: async () => ({}),
  });

  expect(() => describeService({ service: 's', version: '1', methods: [when] })).toThrow(
    'A schema has a part that JSON cannot say',
  );
});

function membersOf(method: JsonObject | undefined, name: string): readonly JsonObject[] {
  return (method?.[name] ?? []) as readonly JsonObject[];
}
