import { z } from 'zod';
import { type FailureCode, factsOf } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { AnyMethod } from './define-method.ts';

interface Described {
  readonly service: string;
  readonly version: string;
  readonly methods: readonly Pick<AnyMethod<never>, Exclude<keyof AnyMethod<never>, 'run'>>[];
}

/** Every method may fail in these ways, so methods do not declare them. */
const commonErrors: readonly FailureCode[] = ['invalid_params', 'unauthenticated', 'forbidden', 'internal'];

/**
 * Pure. The OpenRPC 1.3 document (https://spec.open-rpc.org) of a service, from the schemas that validate its calls. Roles stand in
 * `x-roles`; each error's `data` has the `code` and `retry` that an answer's `data` has.
 */
export function describeService({ service, version, methods }: Described): JsonObject {
  const definitions: Record<string, JsonValue> = {};
  const described = methods.map((method) => describeMethod(method, definitions));
  return {
    openrpc: '1.3.2',
    info: { title: service, version },
    methods: [...described, discoverFacts],
    ...(Object.keys(definitions).length === 0 ? {} : { components: { schemas: definitions } }),
  };
}

/** `rpc.discover`, which OpenRPC reserves for handing out the document. Everyone who may call anything may call it. */
export function discoverMethod(described: Described): AnyMethod<unknown> {
  let document: JsonObject | undefined;
  return {
    wireName: 'rpc.discover',
    name: 'rpc.discover',
    version: 1,
    summary: discoverFacts.summary,
    params: z.strictObject({}),
    result: z.looseObject({}),
    roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
    // Made for whoever asks first: most processes are never asked.
    run: async () => (document ??= describeService(described)),
  };
}

const discoverFacts = {
  name: 'rpc.discover',
  summary: 'Returns the OpenRPC document of this service',
  params: [],
  result: {
    name: 'OpenRPC Schema',
    schema: { $ref: 'https://raw.githubusercontent.com/open-rpc/meta-schema/master/schema.json' },
  },
};

function describeMethod(
  method: Described['methods'][number],
  definitions: Record<string, JsonValue>,
): JsonObject {
  const { wireName, summary, description, deprecated, roles, errors = [] } = method;
  // What callers send (before defaults), and what they get (after parsing).
  const params = toSchema(method, 'params', definitions);
  const result = toSchema(method, 'result', definitions);
  const required = (params.required ?? []) as readonly string[];
  return {
    name: wireName,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(deprecated === true ? { deprecated } : {}),
    paramStructure: 'by-name',
    // OpenRPC wants the required ones first, whatever the structure.
    params: Object.entries((params.properties ?? {}) as JsonObject)
      .map(([name, schema]) => describeParam(name, schema as JsonObject, required.includes(name)))
      .toSorted((a, b) => Number(b.required) - Number(a.required)),
    result: { name: 'result', schema: result },
    errors: [...new Set([...errors, ...commonErrors])].map(describeError),
    'x-roles': roles,
  };
}

function describeParam(name: string, schema: JsonObject, required: boolean) {
  const { description } = schema;
  return { name, ...(description === undefined ? {} : { description }), required, schema };
}

function describeError(code: FailureCode): JsonObject {
  const { rpcCode, advice, retry } = factsOf(code);
  return { code: rpcCode, message: advice, data: { code, retry } };
}

/** Shared and recursive parts move to the document's components: a reference within one parameter would lead nowhere. */
function toSchema(
  method: Described['methods'][number],
  part: 'params' | 'result',
  definitions: Record<string, JsonValue>,
): JsonObject {
  const prefix = `${method.wireName}.${part}`;
  const { $schema: _, definitions: own = {}, ...schema } = convert(method, part);
  for (const [name, definition] of Object.entries(own as JsonObject)) {
    definitions[`${prefix}.${name}`] = pointToComponents(definition, prefix);
  }
  const moved = pointToComponents(schema, prefix) as JsonObject;
  if (JSON.stringify(moved).includes(`"#/components/schemas/${prefix}"`)) definitions[prefix] = moved;
  return moved;
}

function convert(method: Described['methods'][number], part: 'params' | 'result'): JsonObject {
  try {
    const io = part === 'params' ? 'input' : 'output';
    return z.toJSONSchema(method[part], { target: 'draft-7', io }) as JsonObject;
  } catch (cause) {
    throw new Failure(
      'config_invalid',
      'A schema has a part that JSON cannot say (a date, a bigint, a transform, …)',
      {
        data: { method: method.wireName, part },
        cause,
      },
    );
  }
}

function pointToComponents(value: JsonValue, prefix: string): JsonValue {
  if (Array.isArray(value)) return value.map((item) => pointToComponents(item, prefix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name !== '$ref' || typeof member !== 'string') return [name, pointToComponents(member, prefix)];
      const local = member === '#' ? '' : member.replace(/^#\/definitions\//, '.');
      return [name, member.startsWith('#') ? `#/components/schemas/${prefix}${local}` : member];
    }),
  );
}
