import type { v1 } from '@google-cloud/pubsub';

export interface PubSubPlace {
  readonly projectId: string;
  /** `host:port` of the emulator; absent: Google's own. */
  readonly emulatorHost?: string;
}

export interface PubSubClients {
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  close(): Promise<void>;
}

/**
 * The generated clients, loaded at first use (about 250 ms). Not the library's `Topic`, which collects messages in the background: here
 * a message counts as published when the call that carried it was answered.
 */
export async function openPubSubClients({ projectId, emulatorHost }: PubSubPlace): Promise<PubSubClients> {
  const { v1: generated } = await import('@google-cloud/pubsub');
  const options = { projectId, ...(emulatorHost === undefined ? {} : await emulatorOptions(emulatorHost)) };
  const publisher = new generated.PublisherClient(options);
  const subscriber = new generated.SubscriberClient(options);
  return {
    publisher,
    subscriber,
    async close() {
      await Promise.all([publisher.close(), subscriber.close()]);
    },
  };
}

async function emulatorOptions(host: string) {
  // Else the first call waits for a server that only machines of Google's have.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { grpc } = await import('google-gax');
  const [apiEndpoint = '', port] = host.split(':');
  return { apiEndpoint, port: Number(port), sslCreds: grpc.credentials.createInsecure() };
}

/** `projects/p/topics/t` */
export function topicPath({ projectId }: PubSubPlace, topic: string): string {
  return `projects/${projectId}/topics/${topic}`;
}

/** `projects/p/subscriptions/s` */
export function subscriptionPath({ projectId }: PubSubPlace, subscription: string): string {
  return `projects/${projectId}/subscriptions/${subscription}`;
}

/** The topic of a subscription's dead letters, and the subscription that keeps them there. */
export function deadLettersOf(subscription: string): string {
  return `${subscription}-dead`;
}
