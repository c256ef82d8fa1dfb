import {
  type Command,
  isTooFaulty,
  type LoggedRequest,
  type Release,
  readService,
  serviceCommands,
} from './plan-rollout.ts';
import type { DeployedService } from './read-deployed.ts';

/** What a release does to the world. */
export interface RolloutEffects {
  /** Runs gcloud with these words and gives what it prints. Rejects where it fails. */
  gcloud(command: Command): Promise<string>;
  /** The status of a POST without a token. */
  post(url: string): Promise<number>;
  /** Waits while the canary is tried out. */
  watch(): Promise<void>;
  now(): Date;
  say(line: string): void;
}

/**
 * Releases one service: deployed without traffic, asked, tried out with a tenth of the traffic, then all of it. Whatever goes wrong after the
 * deployment, the traffic goes back to the revision that had it before. Rejects with what went wrong.
 */
export async function rolloutService(
  service: string,
  release: Release,
  effects: RolloutEffects,
): Promise<void> {
  const { gcloud, post, watch, now, say } = effects;
  const commands = serviceCommands(service, release);

  const { serving } = await describe();
  await gcloud(commands.deploy);
  try {
    const { canary } = await describe();
    if (canary === undefined) throw new Error('Cloud Run does not show the canary');
    await requireHealthy(canary.url);
    const since = now().toISOString();
    await gcloud(commands.canary);
    await watch();
    await requireHealthy(canary.url);
    const requests = JSON.parse(
      (await gcloud(commands.requests(canary.revision, since))) || '[]',
    ) as readonly LoggedRequest[];
    if (isTooFaulty(requests)) throw new Error(`The canary failed too often, of ${requests.length} requests`);
    await gcloud(commands.full);
  } catch (cause) {
    if (serving !== undefined) {
      await gcloud(commands.rollBack(serving));
      say(`${service}: rolled back to ${serving}`);
    }
    throw new Error(`${service} was not released`, { cause });
  }
  // Else the canary's own URL would stay open.
  await gcloud(commands.untag);
  say(`${service}: released ${release.tag}`);

  async function describe() {
    return readService(JSON.parse(await gcloud(commands.describe)) as DeployedService);
  }

  /** Our own refusal of a call without a token: Google's front keeps /healthz to itself, and this comes from as deep as it goes without one. */
  async function requireHealthy(url: string): Promise<void> {
    const status = await post(`${url}/rpc`);
    if (status !== 401) throw new Error(`The canary answered ${status} instead of 401`);
  }
}
