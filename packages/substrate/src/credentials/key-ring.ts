/**
 * Wraps data keys. There is one ring a vendor, so that a fault in one vendor's service cannot open another vendor's secrets; a ring has
 * versions, of which the primary one wraps and all others still unwrap.
 */
export interface KeyRing {
  /** Wraps under the ring's primary version. `associated` must be given again to unwrap. */
  wrap(ringId: string, plainKey: Uint8Array, associated: Uint8Array): Promise<WrappedKey>;
  /** `credentials_corrupt` (`not_authentic`, `unknown_ring_key`, `truncated`) where it was not wrapped so; `forbidden` where this process may only wrap. */
  unwrap(ringId: string, wrapped: WrappedKey, associated: Uint8Array): Promise<Uint8Array>;
  /** The version that wraps now: a key that is wrapped under another one is due to be wrapped anew. */
  primaryKeyId(ringId: string): Promise<string>;
}

export interface WrappedKey {
  readonly wrapped: Uint8Array;
  readonly ringKeyId: string;
}
