import type { OAuth2Client } from 'google-auth-library';
import { Failure } from '../failure/failure.ts';
import { type Authenticator, readBearerToken } from '../rpc/authenticate.ts';
import type { Caller } from '../rpc/call.ts';

export interface GoogleAuthenticatorOptions {
  /** Whom tokens must be meant for: the service's own origin. */
  readonly audience: string;
  /** Who may call, by the account's e-mail address. */
  readonly callers: Readonly<Record<string, Caller['role']>>;
  /** Where the signers' public keys are read; default: Google's. Another one on emulators and in tests. */
  readonly certificatesUrl?: string;
}

/** Both are Google; https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken */
const issuers = ['https://accounts.google.com', 'accounts.google.com'];

/**
 * Knows callers by Google's ID tokens for this service: service accounts', and those that Cloud Tasks, Pub/Sub and Cloud Scheduler send. What gcloud
 * gives a person is meant for gcloud itself, so people call in an account's name (`gcloud auth print-identity-token
 * --impersonate-service-account=… --audiences=… --include-email`; without the last, the token says no address). Cloud Run must
 * leave the check to us (`infra/` disables its own): it would cut the signature off the token, and knows no roles. Fails with `forbidden` for
 * an account that is not among the callers, and `unavailable` where the keys cannot be read.
 */
export function createGoogleAuthenticator(options: GoogleAuthenticatorOptions): Authenticator {
  const { audience, callers, certificatesUrl } = options;
  const roleByEmail = new Map(Object.entries(callers).map(([email, role]) => [email.toLowerCase(), role]));
  let opening: Promise<OAuth2Client> | undefined;

  return {
    async verify(headers) {
      const token = readBearerToken(headers);
      if (token === undefined) throw unauthenticated();
      opening ??= openClient(certificatesUrl);
      const email = await readEmail(await opening, token, audience);
      const role = roleByEmail.get(email.toLowerCase());
      if (role === undefined)
        throw new Failure('forbidden', 'This account is not among the callers of the fleet', {
          data: { account: email },
        });
      return { role, name: email };
    },
  };
}

async function openClient(certificatesUrl: string | undefined): Promise<OAuth2Client> {
  const { OAuth2Client: Client } = await import('google-auth-library');
  if (certificatesUrl === undefined) return new Client();
  return new Client({ endpoints: { oauth2FederatedSignonPemCertsUrl: certificatesUrl } });
}

async function readEmail(client: OAuth2Client, token: string, audience: string): Promise<string> {
  const { certs } = await readCertificates(client);
  const payload = await verified(client, token, certs, audience);
  // An address that its owner has not proven is nobody's name.
  if (payload?.email === undefined || payload.email_verified !== true) throw unauthenticated();
  return payload.email;
}

/** They are kept for as long as their answer allows. */
async function readCertificates(client: OAuth2Client) {
  try {
    return await client.getFederatedSignonCertsAsync();
  } catch (cause) {
    throw new Failure('unavailable', "Google's public keys cannot be read, so no token can be verified", {
      cause,
    });
  }
}

async function verified(
  client: OAuth2Client,
  token: string,
  certificates: Awaited<ReturnType<typeof readCertificates>>['certs'],
  audience: string,
) {
  try {
    const ticket = await client.verifySignedJwtWithCertsAsync(token, certificates, audience, issuers);
    return ticket.getPayload();
  } catch {
    throw unauthenticated();
  }
}

function unauthenticated(): Failure {
  return new Failure('unauthenticated', 'No valid token in the Authorization header');
}
