import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json/json-value.ts';

// Their types say nothing of the schemas they export.
const require = createRequire(import.meta.url);
const { openrpcDocument } = require('@open-rpc/meta-schema') as { openrpcDocument: object };
const { jsonSchema } = require('@json-schema-tools/meta-schema') as { jsonSchema: object };
const draft7 = 'http://json-schema.org/draft-07/schema#';

const services = join(import.meta.dirname, '../../../../../services');
const documents = readdirSync(services, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^[^/\\]+[/\\]openrpc\.json$/.test(path))
  .map((path) => [path, JSON.parse(readFileSync(join(services, path), 'utf8')) as JsonObject] as const);

test('every service has its document', () => {
  expect(documents.length).toBeGreaterThanOrEqual(3);
});

describe.each(documents)('services/%s', (_path, document) => {
  test('satisfies the meta-schema of OpenRPC', () => {
    const ajv = addFormats.default(new Ajv({ strict: false }));
    // OpenRPC's schema points to the other by its address with and without a final slash; both name meta-schemas of their own for draft 7.
    for (const $id of ['https://meta.json-schema.tools', 'https://meta.json-schema.tools/'])
      ajv.addSchema({ ...jsonSchema, $schema: draft7, $id });
    const validate = ajv.compile({ ...openrpcDocument, $schema: draft7 });

    validate(document);

    expect(validate.errors).toBeNull();
  });

  test('has schemas that compile, with their references', () => {
    const ajv = addFormats.default(new Ajv({ strict: false }));
    ajv.addSchema({ $id: 'https://test.example/openrpc', ...document });
    const methods = document.methods as readonly { readonly params: readonly unknown[] }[];
    for (const [at, { params }] of methods.entries()) {
      const places = [...params.keys()].map((param) => `/params/${param}/schema`);
      // What rpc.discover answers is described elsewhere.
      if (at < methods.length - 1) places.push('/result/schema');
      for (const place of places) {
        const $ref = `https://test.example/openrpc#/methods/${at}${place}`;
        expect(() => ajv.compile({ $ref }), $ref).not.toThrow();
      }
    }
  });
});
