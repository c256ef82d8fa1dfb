import type { z } from 'zod';
import type { FailureCode } from '../failure/codes.ts';
import type { AuthStyle } from '../http/auth.ts';
import type { Paging } from '../http/paging.ts';
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
  readonly paging: Paging;
  /** What the vendor allows one integration, or what we choose to ask of it where it does not say. */
  readonly limits: { readonly requests: number; readonly perSeconds: number; readonly concurrent: number };
  /** Only where the vendor departs from the default table of statuses. */
  readonly failures?: Readonly<Record<number, FailureCode>>;
  /** A cheap request that any valid credential may make. */
  readonly check: (connection: z.output<N>) => Collection;
}

export function defineApi<C extends z.ZodType, N extends ConnectionSchema>(api: Api<C, N>): Api<C, N> {
  return Object.freeze(api);
}
