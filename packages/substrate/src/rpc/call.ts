import type { Log } from '../observability/log.ts';

/** What a person or a program may be to us. `scheduler` only starts what is due; `viewer` only reads. */
export type Role = 'admin' | 'orchestrator' | 'scheduler' | 'viewer';

/** Who makes a request. `tasks` and `push` are machines: they may use their own endpoint and no method. */
export interface Caller {
  readonly role: Role | 'tasks' | 'push';
  /** For logs and the audit trail: an account's e-mail address or the name of a local token. */
  readonly name: string;
  /** How a person's browser was signed in; left out for whoever sends a token. */
  readonly signedInBy?: 'link' | 'iap';
}

/** Where a call comes from: everything a method knows besides its parameters and its service's own parts. */
export interface CallOrigin {
  readonly caller: Caller;
  /** 32 hexadecimal digits (W3C trace id); stands in every log line and in answers to failed calls. */
  readonly traceId: string;
  /** Aborts when the process shuts down or the caller has gone. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What a method is given with its parameters; `context` is what its service gives to all its methods (database, tasks, …). */
export interface Call<Context = unknown> extends CallOrigin {
  readonly context: Context;
}
