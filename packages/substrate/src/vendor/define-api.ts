import type { z } from 'zod';
import type { FailureCode } from '../failure/codes.ts';
import type { AuthStyle } from '../http/auth.ts';
import type { Paging } from '../http/paging.ts';
import type { ReadFailure } from '../http/vendor-answer.ts';
import type { RequestLimits } from '../http/vendor-client.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Collection } from './define-entity.ts';

/** Settings of an integration that are no secret; the base URL is the one that every vendor has. */
export type ConnectionSchema = z.ZodType<{ readonly baseUrl: string }>;

/** How a vendor talks: data and pure functions. `C` is the credential, `N` the connection (settings that are no secret). */
export interface Api<C extends z.ZodType = z.ZodType, N extends ConnectionSchema = ConnectionSchema> {
  /** Also the schema of the sealed credential and of the form that asks for it. */
  readonly credential: C;
  readonly connection: N;
  /** Pure. */
  readonly authorize: (credential: z.output<C>, connection: z.output<N>) => AuthStyle;
  /**
   * Pure. Further origins, `https://host`, on which the vendor serves a part of what is described, to the same credential (Google: Classroom
   * on one, its users on another). A path that leads there is an absolute URL.
   */
  readonly otherOrigins?: (connection: z.output<N>) => readonly string[];
  readonly paging: Paging;
  /** What the vendor allows one integration, or what we choose to ask of it where it does not say. */
  readonly limits: RequestLimits;
  /**
   * Only where the vendor departs from the default table: by status, or by a pure function of the answer where the status does not say
   * enough. The function is asked for every answer, successes and the token endpoint's too; undefined leaves it to the default table.
   */
  readonly failures?: Readonly<Record<number, FailureCode>> | ReadFailure;
  /** A cheap request that any valid credential may make. */
  readonly check: (connection: z.output<N>) => Collection;
  /** What has to be asked before anything else can be described: what this very tenant offers, and in which versions. */
  readonly discover?: Discovery<z.output<N>>;
}

/** Asked once a slice, after sign-in; from then on every function gets the connection that `read` returned. */
export interface Discovery<N> {
  readonly request: (connection: N) => Omit<Collection, 'member' | 'isLeftOutWhenEmpty' | 'paging'>;
  /** Pure. Undefined: the answer is not the promised one. What is found goes into optional members of the connection's schema. */
  readonly read: (answer: JsonValue, connection: N) => N | undefined;
}

/** A setting of a connection that may be left out; whoever enters one reads the description. */
export function setting<S extends z.ZodType>(schema: S, description: string) {
  return schema.optional().describe(description);
}

export function defineApi<C extends z.ZodType, N extends ConnectionSchema>(api: Api<C, N>): Api<C, N> {
  return Object.freeze(api);
}
