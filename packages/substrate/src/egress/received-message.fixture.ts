import type { PushEnvelope } from './change-bus.ts';
import type { ReceivedMessage } from './decode-changes.ts';

/** The message in the body of a push, as the HTTP shell would hand it on. */
export function messageIn(body: unknown): ReceivedMessage {
  const { messageId, attributes, data } = (body as PushEnvelope).message;
  return { messageId, attributes, data: Buffer.from(data, 'base64') };
}
