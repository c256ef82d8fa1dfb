import type { z } from 'zod';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { Call, Role } from './call.ts';

interface MethodFacts<Params extends z.ZodObject, Result extends z.ZodObject> {
  /** Dotted lower camel case, without the version: `rosters.sync`. */
  readonly name: string;
  readonly version: number;
  /** One line; becomes the OpenRPC summary and a row in the docs. */
  readonly summary: string;
  readonly description?: string;
  /** Named parameters; `z.strictObject`, so that a misspelt name is an error and not silence. */
  readonly params: Params;
  readonly result: Result;
  /** Who may call it; everyone else gets `forbidden`. */
  readonly roles: readonly Role[];
  /** The failures a caller should be ready for, besides `invalid_params`, `unauthenticated`, `forbidden` and `internal`. */
  readonly errors?: readonly FailureCode[];
  /** Set on versions that callers should leave; shown by `rpc.discover`. */
  readonly deprecated?: boolean;
}

export interface MethodDefinition<Context, Params extends z.ZodObject, Result extends z.ZodObject>
  extends MethodFacts<Params, Result> {
  /** `params` are parsed already; the result is validated before it is sent. Throws `Failure`s. */
  readonly run: (call: Call<Context>, params: z.output<Params>) => Promise<z.input<Result>>;
}

export interface Method<
  Context,
  Params extends z.ZodObject,
  Result extends z.ZodObject,
  WireName extends string = string,
> extends MethodDefinition<Context, Params, Result> {
  /** What callers send: `rosters.sync.v1`. A type of its own, so that a client's types follow from a list of methods (`WireOf`). */
  readonly wireName: WireName;
  /** Present in an old version. */
  readonly translation?: Translation;
}

/** How an old version is answered through the newer one: what goes in has the schema of one, what comes out that of the other. */
export interface Translation {
  /** The newer version's wire name. */
  readonly newer: string;
  readonly up: (params: never) => object;
  readonly down: (result: never) => object;
}

/** A method in a list of unlike ones: whoever calls `run` has parsed the parameters with `params`. Every `Method` is one. */
export interface AnyMethod<Context> extends MethodFacts<z.ZodObject, z.ZodObject> {
  readonly wireName: string;
  readonly translation?: Translation;
  readonly run: (call: Call<Context>, params: never) => Promise<object>;
}

/** What a client of these methods may say and hears, by wire name: `WireOf<typeof methods>['rosters.sync.v1']['params']`. */
export type WireOf<
  Methods extends readonly Pick<Method<never, z.ZodObject, z.ZodObject>, 'wireName' | 'params' | 'result'>[],
> = {
  readonly [Each in Methods[number] as Each['wireName']]: {
    readonly params: z.input<Each['params']>;
    readonly result: z.output<Each['result']>;
  };
};

/**
 * Declares a method. The service's own parts are typed by annotating the first parameter of `run`:
 *
 *     export const syncRosters = defineMethod({
 *       name: 'rosters.sync', version: 1, summary: 'Starts a roster sync',
 *       params: z.strictObject({ customerId: z.string() }), result: z.strictObject({ runId: z.string() }),
 *       roles: ['admin', 'orchestrator'],
 *       async run(call: Call<Parts>, params) { return { runId: await call.context.runs.start(params.customerId) }; },
 *     });
 *
 * Throws `config_invalid` for a name, version or role list that is not sound, when the module loads.
 */
export function defineMethod<
  Context,
  Params extends z.ZodObject,
  Result extends z.ZodObject,
  const Name extends string,
  const Version extends number,
>(
  definition: MethodDefinition<Context, Params, Result> & { readonly name: Name; readonly version: Version },
): Method<Context, Params, Result, `${Name}.v${Version}`> {
  const { name, version, roles } = definition;
  if (!/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(name) || name.startsWith('rpc.')) {
    throw refuse(
      name,
      'name',
      'dotted lower camel case such as "rosters.sync"; names that begin with "rpc." are reserved',
    );
  }
  if (/\.v\d+$/.test(name))
    throw refuse(name, 'name', 'a name without a version; it is added from `version`');
  if (!Number.isSafeInteger(version) || version < 1) throw refuse(name, 'version', 'a whole number from 1');
  if (roles.length === 0) throw refuse(name, 'roles', 'at least one role, else nobody can call it');
  return Object.freeze({ ...definition, wireName: composeWireName(name, version) });
}

interface OlderVersion<
  OldParams extends z.ZodObject,
  OldResult extends z.ZodObject,
  NewParams extends z.ZodObject,
  NewResult extends z.ZodObject,
> {
  readonly version: number;
  readonly summary?: string;
  readonly params: OldParams;
  readonly result: OldResult;
  /** Pure. The old parameters as the newer version takes them. */
  readonly up: (params: z.output<OldParams>) => z.input<NewParams>;
  /** Pure. The newer version's result as the old one promised it. */
  readonly down: (result: z.output<NewResult>) => z.input<OldResult>;
}

/**
 * An old version of a method: two pure functions around the newer one, never a body of its own. It keeps the newer one's roles
 * and errors. What `up` makes must satisfy the newer schema: a caller who met the old contract gets `internal` otherwise, since
 * the fault is ours.
 */
export function olderVersion<
  Context,
  OldParams extends z.ZodObject,
  OldResult extends z.ZodObject,
  NewParams extends z.ZodObject,
  NewResult extends z.ZodObject,
>(
  newer: Method<Context, NewParams, NewResult>,
  older: OlderVersion<OldParams, OldResult, NewParams, NewResult>,
): Method<Context, OldParams, OldResult> {
  if (older.version >= newer.version) throw refuse(newer.name, 'version', `a version below ${newer.version}`);
  const { up, down, ...facts } = older;
  const method = defineMethod({
    name: newer.name,
    summary: newer.summary,
    roles: newer.roles,
    ...(newer.errors === undefined ? {} : { errors: newer.errors }),
    deprecated: true,
    ...facts,
    async run(call: Call<Context>, params) {
      const newerParams = await newer.params.safeParseAsync(up(params));
      if (!newerParams.success) throw broken(newer, older.version, 'up', newerParams.error);
      const result = await newer.result.safeParseAsync(await newer.run(call, newerParams.data));
      if (!result.success) throw broken(newer, older.version, 'result', result.error);
      return down(result.data);
    },
  });
  return Object.freeze({ ...method, translation: { newer: newer.wireName, up, down } });
}

/** The one place where a wire name is composed. */
function composeWireName<const Name extends string, const Version extends number>(
  name: Name,
  version: Version,
): `${Name}.v${Version}` {
  return `${name}.v${version}`;
}

function refuse(method: string, field: string, expected: string): Failure {
  return new Failure('config_invalid', 'A method is not declared soundly', {
    data: { method, field, expected },
  });
}

function broken(
  newer: { readonly wireName: string },
  version: number,
  part: string,
  cause: unknown,
): Failure {
  return new Failure('internal', 'An older version does not fit the newer one', {
    data: { newer: newer.wireName, version, part },
    cause,
  });
}
