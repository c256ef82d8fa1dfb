import type { Config } from '../config/config.ts';
import { ensureSubscription } from '../egress/pubsub/ensure-subscription.ts';
import { openPubSubClients } from '../egress/pubsub/pubsub-clients.ts';
import type { Authenticator } from '../rpc/authenticate.ts';
import { createDeadTaskKeeper } from '../tasks/dead-task-keeper.ts';
import { createGoogleAuthenticator } from './authenticate.google.ts';
import { createLocalAuthenticator } from './authenticate.local.ts';
import { serviceUrlIn } from './fleet-settings.ts';
import type { Emulators, googleSettings } from './google-settings.ts';
import { createGooglePeers } from './peers.google.ts';
import { createLocalPeers } from './peers.local.ts';
import { createGooglePeople } from './people/people.google.ts';
import { createLocalPeople } from './people/people.local.ts';
import { createGooglePlatform } from './platform.google.ts';
import type { Intakes, Stack, StackParts } from './stack.ts';

/**
 * The stack in Google Cloud. Queues and subscriptions are made by `infra/`, and deliver from outside; Cloud Scheduler asks for sweeps. On
 * emulators, where there is no `infra/` and no scheduler, the service does both itself.
 */
export async function openGoogleStack(
  config: Config<typeof googleSettings>,
  { clock, secrets, definition }: StackParts,
): Promise<Stack> {
  const { emulators, callers, services, project, iapAudience, people } = config;
  if (emulators !== undefined) secrets.add(emulators.token);
  const platform = createGooglePlatform({ config, clock, mayUnwrap: definition.mayUnwrap });
  const serviceUrl = serviceUrlIn(services);
  const origin = serviceUrl(definition.name);

  async function subscribe({ subscriptions = [] }: Intakes, { pubsub, pushTo }: Emulators): Promise<void> {
    if (subscriptions.length === 0) return;
    const place = { projectId: project, emulatorHost: pubsub };
    const clients = await openPubSubClients(place);
    for (const { route, ...settings } of subscriptions) {
      const pushUrl = `${pushTo}${encodeURIComponent(`${origin}/push/${route}`)}`;
      await ensureSubscription(clients, place, { ...settings, pushUrl });
    }
    await clients.close();
  }

  return {
    platform,
    authenticator:
      emulators === undefined
        ? createGoogleAuthenticator({ audience: origin, callers })
        : eitherOf(
            createLocalAuthenticator({ token: emulators.token }),
            createGoogleAuthenticator({
              audience: origin,
              callers,
              certificatesUrl: emulators.certificates,
            }),
          ),
    peers:
      emulators === undefined
        ? createGooglePeers({ serviceUrl, clock })
        : createLocalPeers({ token: emulators.token, serviceUrl, clock }),
    openPeople(pages) {
      if (emulators !== undefined) return createLocalPeople({ token: emulators.token, origin: pages, clock });
      if (iapAudience === undefined) return undefined;
      return createGooglePeople({ audience: iapAudience, roles: people, clock });
    },
    sweepsItself: emulators !== undefined,
    keepDead: (queues) => createDeadTaskKeeper({ database: platform.store, clock, queues, origin }),
    async attach(service) {
      // Also where nothing is made: what is enqueued has the queue's own deadline only if the queue is known.
      await platform.tasks.declare(service.queues ?? []);
      if (emulators !== undefined) await subscribe(service, emulators);
    },
  };
}

/** People have the fleet's token there, machines what is signed for them. */
function eitherOf(first: Authenticator, second: Authenticator): Authenticator {
  return {
    async verify(headers) {
      try {
        return await first.verify(headers);
      } catch {
        return await second.verify(headers);
      }
    },
  };
}
