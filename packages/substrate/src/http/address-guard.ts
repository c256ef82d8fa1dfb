import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Failure } from '../failure/failure.ts';

/**
 * Base URLs come from customers, so a request may only go to a public address over https: otherwise Flotilla would knock on the
 * doors of its own network for anybody (metadata servers, databases). Hosts that the deployment names are exempt.
 */
export interface AddressGuard {
  /** Throws `config_invalid` for a URL that is not https or whose host is an address that is not public. */
  assertUrl(url: URL): void;
  /** Whether the deployment exempts this host. */
  isExempt(url: URL): boolean;
  /**
   * Resolves only to public addresses. It is the socket's own look-up, at connect time: a name that is checked beforehand can
   * resolve to something else a moment later (DNS rebinding).
   */
  readonly lookup: LookupFunction;
}

/** `allowedHosts`: `host` or `host:port`; an IPv6 address in brackets. */
export function createAddressGuard(allowedHosts: readonly string[] = []): AddressGuard {
  const exempt = new Set(allowedHosts.map((host) => host.toLowerCase()));

  function isExempt(url: URL): boolean {
    const port = url.port === '' ? defaultPorts[url.protocol] : url.port;
    return exempt.has(url.hostname) || exempt.has(`${url.hostname}:${port}`);
  }

  function assertUrl(url: URL): void {
    if (isExempt(url) && defaultPorts[url.protocol] !== undefined) return;
    if (url.protocol !== 'https:') throw refuse('scheme_not_https', url.host);
    // A socket does not look up what is an address already, so `lookup` never sees it.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(literal) && !isPublicAddress(literal)) throw refuse('address_not_public', url.host);
  }

  return { assertUrl, isExempt, lookup: lookupPublic };
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Pure. Whether an IP address is one of the public internet. Tunnels that embed another address (6to4, Teredo, NAT64) are not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Only 2000::/3 is handed out for global use; ipaddr.js calls everything else without a name `unicast` too, ::127.0.0.1 for one.
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(globalUnicast);
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const addresses = found.filter(({ address }) => isPublicAddress(address));
    const [first] = addresses;
    if (first === undefined) return callback(refuse('address_not_public', hostname), '', 0);
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

function refuse(problem: 'scheme_not_https' | 'address_not_public', host: string): Failure {
  return new Failure('config_invalid', 'Requests go to public addresses over https only', {
    data: {
      problem,
      host,
      remedy: 'Correct the base URL, or let the operator add the host to the allowed hosts.',
    },
  });
}
