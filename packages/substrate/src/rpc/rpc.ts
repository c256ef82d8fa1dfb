/** The public face of `rpc/`: what a method is made of. */
export type { Call } from './call.ts';
export { type AnyMethod, defineMethod, olderVersion, type WireOf } from './define-method.ts';
