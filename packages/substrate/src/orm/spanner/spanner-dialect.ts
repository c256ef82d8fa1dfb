import type { Dialect } from 'kysely';
import type { QueryExecutor } from '../kysely/query-executor.ts';
import type { Schema } from '../table.ts';
import { SpannerAdapter } from './spanner-adapter.ts';
import { createSpannerDriver } from './spanner-driver.ts';
import { createSpannerIntrospector } from './spanner-introspector.ts';
import { SpannerQueryCompiler } from './spanner-query-compiler.ts';

/** Kysely's dialect for Spanner's GoogleSQL. */
export function createSpannerDialect(schema: Schema, execute: QueryExecutor): Dialect {
  return {
    createDriver: () => createSpannerDriver(execute),
    createQueryCompiler: () => new SpannerQueryCompiler(schema),
    createAdapter: () => new SpannerAdapter(),
    createIntrospector: createSpannerIntrospector,
  };
}
