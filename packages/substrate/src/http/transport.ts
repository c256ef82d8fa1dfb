import type { HttpMethod } from './vendor-client.ts';

/**
 * One HTTP exchange, nothing around it: no redirect followed, nothing retried. Throws `Failure`: `gateway_unavailable` where the
 * connection fails, `vendor_unavailable` for a time-out, `too_large`, `config_invalid` for an address that is not public.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

export interface TransportRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
}
