import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { SubscriptionStats } from '../change-bus.ts';
import { deadLettersOf } from './pubsub-clients.ts';

/** Answers the JSON of a GET with the service account's token. */
export type ReadMetric = (url: string) => Promise<unknown>;

/** Looked back so far for the newest point: one is written a minute, and can be seen up to three minutes later. */
const windowMs = 10 * 60_000;

/** https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list; points come newest first. */
const series = z.object({
  timeSeries: z
    .array(z.object({ points: z.array(z.object({ value: z.object({ int64Value: z.coerce.number() }) })) }))
    .default([]),
});

/**
 * What Cloud Monitoring knows of a subscription: a few minutes old. A number that it has no point of is null, as for a subscription that was
 * made just now. https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-pubsub
 */
export async function readBacklog(
  readMetric: ReadMetric,
  projectId: string,
  subscription: string,
  now: number,
): Promise<SubscriptionStats> {
  const ask = (name: string, metric: string) =>
    readNewest(readMetric, seriesUrl(projectId, name, metric, now));
  const [pending, ageSeconds, dead] = await Promise.all([
    ask(subscription, 'num_undelivered_messages'),
    ask(subscription, 'oldest_unacked_message_age'),
    ask(deadLettersOf(subscription), 'num_undelivered_messages'),
  ]);
  const oldestPublishedAt = pending === 0 || ageSeconds === null ? null : now - ageSeconds * 1000;
  return { pending, running: null, dead, oldestPublishedAt };
}

function seriesUrl(projectId: string, subscription: string, metric: string, now: number): string {
  const url = new URL(`https://monitoring.googleapis.com/v3/projects/${projectId}/timeSeries`);
  url.search = new URLSearchParams({
    filter: `metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.labels.subscription_id="${subscription}"`,
    'interval.startTime': new Date(now - windowMs).toISOString(),
    'interval.endTime': new Date(now).toISOString(),
    pageSize: '1',
  }).toString();
  return url.href;
}

async function readNewest(readMetric: ReadMetric, url: string): Promise<number | null> {
  let answer: unknown;
  try {
    answer = await readMetric(url);
  } catch (cause) {
    throw new Failure('unavailable', 'Cloud Monitoring does not tell the backlog', { cause });
  }
  const parsed = series.safeParse(answer);
  if (!parsed.success)
    throw new Failure('unavailable', 'Cloud Monitoring answers in another form than it promises', {
      cause: parsed.error,
    });
  return parsed.data.timeSeries[0]?.points[0]?.value.int64Value ?? null;
}
