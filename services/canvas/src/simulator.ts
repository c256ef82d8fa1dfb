import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { createSealedCursors } from '@flotilla/substrate/testing/simulator/sealed-cursors';
import { createTokenEndpoint, refreshTokenGrant } from '@flotilla/substrate/testing/simulator/token-endpoint';
import { joinIds } from '@flotilla/substrate/vendor';
import { assignmentRoutes, keyOf } from './simulator/assignment-routes.ts';
import { type CollectionName, collections, districtToRecords } from './simulator/district-records.ts';
import { problemToResponse } from './simulator/refusal.ts';
import { rosterRoutes } from './simulator/roster-routes.ts';
import { createSisImports, type ImportPace } from './simulator/sis-imports.ts';
import { submissionKey, submissionRoutes } from './simulator/submission-routes.ts';
import { textOf } from './simulator/text-of.ts';
import { createThrottle, type Quota } from './simulator/throttle.ts';

export interface CanvasSimulatorOptions extends SimulatorOptions {
  /** What the credential is: an access token that somebody made, which is the default, or a sign-in by a developer key. */
  readonly auth?: 'token' | 'oauth2';
  readonly quota?: Quota;
  readonly imports?: ImportPace;
}

const accessToken = '7~fR3x0Yq5mT8uK1wZ6bN9cV2dL4hJ7sPaQeGtXyBz';
const client = { id: '10000000000123', secret: 'k9Vb2Xn7Qw4Er1Ty8Ui5Op3As6Df0Gh' };
const refreshToken = '7~Zr8Kp1Lm4Qx7Wc2Vb5Nn0Gh3Jf6Ds9AaEeRrTtYy';

/** A Canvas on this machine, as an administrator's token sees it. */
export function createCanvasSimulator(options: CanvasSimulatorOptions = {}): DistrictSimulator {
  const clock = options.clock ?? systemClock;
  const { auth = 'token' } = options;
  const throttle = createThrottle(clock, options.quota);
  // Tokens of a developer key last an hour, those made by hand as long as whoever made them says.
  const tokens = createBearerTokens(clock, 3600, 'Bearer realm="canvas-lms"');
  tokens.issue({ token: accessToken, lifetimeSeconds: Number.POSITIVE_INFINITY });
  const cursors = createSealedCursors(clock);
  const imports = createSisImports(options.imports);
  return createDistrictSimulator<CollectionName>(
    {
      collections,
      recordsOf: districtToRecords,
      idOf,
      dateMember: 'updated_at',
      openRoutes: ['POST /login/oauth2/token'],
      authenticate: (request) => {
        const refusal = tokens.check(request);
        if (refusal !== undefined) return { ...refusal, description: 'Invalid access token.' };
        imports.settle();
        return throttle.check(request);
      },
      expireToken: tokens.expire,
      problem: problemToResponse,
      commonHeaders: throttle.headersOf,
      pages: continuedPages('page'),
      routes: (seat) => ({
        'POST /login/oauth2/token': createTokenEndpoint({
          tokens,
          client: { ...client, secretIn: ['body'] },
          grants: { refresh_token: refreshTokenGrant({ refreshToken }) },
        }),
        ...rosterRoutes(seat, { cursors }),
        ...assignmentRoutes(seat, { cursors }),
        ...submissionRoutes(seat, { cursors }),
        ...imports.routes(seat, { cursors }),
      }),
      connection: (origin) => ({ baseUrl: origin }),
      credential: () =>
        auth === 'token'
          ? { type: 'token', accessToken }
          : { type: 'oauth2', clientId: client.id, clientSecret: client.secret, refreshToken },
    },
    options,
  );
}

export const simulator = defineSimulator({
  choices: {
    auth: { describe: 'what `connect` is told to sign in with', values: ['token', 'oauth2'] },
  },
  create: (options, { auth } = {}) =>
    createCanvasSimulator({ ...options, ...(auth === 'token' || auth === 'oauth2' ? { auth } : {}) }),
});

/** As our own ids are, so that edits can name records by them. */
function idOf(record: JsonObject, collection: CollectionName): string {
  switch (collection) {
    case 'sections':
    case 'assignment_groups':
      return joinIds(textOf(record.course_id), textOf(record.id));
    case 'assignments':
      return keyOf(record);
    case 'submissions':
      return submissionKey(record);
    default:
      return textOf(record.id);
  }
}
