import type { Headers } from '../../rpc/authenticate.ts';
import type { Caller, Role } from '../../rpc/call.ts';

/**
 * How people are known by what their browsers send with every request, whoever made the page that asked for it. Adapters: a signed cookie, set
 * for a one-time link (`people.local.ts`); the assertion of Google's Identity-Aware Proxy (`people.google.ts`).
 */
export interface People {
  /** What the browser sends by itself; undefined where it sends nothing of the kind. */
  find(headers: Headers): string | undefined;
  /** Whose it is. Fails with `unauthenticated`, which never says why; with `forbidden` for somebody who is known and has no role. */
  identify(credential: string): Promise<Caller>;
  /** Left out where somebody else signs people in. */
  readonly links?: SignInLinks;
}

/** Who a link is for. */
export interface Person {
  readonly name: string;
  readonly role: Role;
}

/** One-time links: who opens one in a browser is signed in there. */
export interface SignInLinks {
  create(person: Person): SignInLink;
  /** What a link carries behind its `#`, for a session. Fails with `unauthenticated` for a code that is unknown, used or too old. */
  redeem(code: string): Promise<SessionCookie>;
  /** Ends the session that these headers carry, if they do: as long as the service runs its cookie is worth nothing, wherever it was copied to. */
  end(headers: Headers): Promise<void>;
  /** The cookie's name, and whether it travels over https alone. */
  readonly cookie: CookieKind;
}

export interface SignInLink {
  readonly url: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

export interface CookieKind {
  readonly name: string;
  readonly secure: boolean;
}

export interface SessionCookie {
  readonly value: string;
  readonly maxAgeMs: number;
}
