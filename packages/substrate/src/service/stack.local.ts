import type { Config } from '../config/config.ts';
import { createLocalAuthenticator, deriveToken } from './authenticate.local.ts';
import { type localSettings, serviceUrlIn } from './fleet-settings.ts';
import { createLocalPeers } from './peers.local.ts';
import { createLocalPeople } from './people/people.local.ts';
import { openLocalPlatform } from './platform.local.ts';
import type { Stack, StackParts } from './stack.ts';

/** The embedded stack. Each service delivers its own tasks and messages, as Cloud Tasks and Pub/Sub would from outside. */
export async function openLocalStack(
  { home, token, services }: Config<typeof localSettings>,
  { clock, log, secrets, definition }: StackParts,
): Promise<Stack> {
  const tokens = {
    tasks: deriveToken(token, 'tasks'),
    push: deriveToken(token, 'push'),
    peers: deriveToken(token, 'peers'),
  };
  secrets.add(token, ...Object.values(tokens));
  const platform = await openLocalPlatform({ home, clock, log, mayUnwrap: definition.mayUnwrap });
  const { tasks, bus } = platform;

  return {
    platform,
    authenticator: createLocalAuthenticator({ token }),
    peers: createLocalPeers({ token, serviceUrl: serviceUrlIn(services), clock }),
    openPeople: (origin) => createLocalPeople({ token, origin, clock }),
    sweepsItself: true,
    async attach({ queues = [], subscriptions = [] }, url, shutdown) {
      if (queues.length > 0) {
        const dispatcher = tasks.startDispatcher({ queues, tokenFor: () => tokens.tasks });
        shutdown.addIntake('task dispatcher', () => dispatcher.stop());
      }
      if (subscriptions.length > 0) {
        const pusher = bus.startPusher({
          subscriptions: subscriptions.map(({ route, ...settings }) => ({
            ...settings,
            pushUrl: `${url}/push/${route}`,
          })),
          tokenFor: () => tokens.push,
        });
        shutdown.addIntake('message pusher', () => pusher.stop());
      }
    },
  };
}
