import { Failure } from '../failure/failure.ts';
import type { TaskRequest } from './task-queue.ts';

/** `Task.name` and `Queue.name` in Cloud Tasks' `task.proto` and `queue.proto` (v2). */
const taskNamePattern = /^[A-Za-z0-9_-]{1,500}$/;
const queueNamePattern = /^[A-Za-z0-9-]{1,100}$/;

/** `CreateTask` in `cloudtasks.proto`: "The maximum task size is 100KB." Its quota page says 1 MB: we keep to the smaller. */
const maximumTaskBytes = 100_000;
/** What else of a task counts, at most: its resource name, and the account and audience of its token. */
const reservedBytes = 2_000;
/** "Schedule time must be no more than 720h in the future", as it answers (https://github.com/keypup-io/cloudtasker/issues/45). */
const maximumWaitMs = 720 * 3_600_000;

/** Pure. The body as JSON text, after refusing what Cloud Tasks would refuse at `now` (ms since 1970). */
export function encodeTaskBody(task: TaskRequest, now: number): string {
  if (!queueNamePattern.test(task.queue)) {
    throw new Failure('invalid_params', 'A queue name is 1 to 100 letters, digits or hyphens', {
      data: { queue: task.queue.slice(0, 600) },
    });
  }
  if (task.name !== undefined && !taskNamePattern.test(task.name)) {
    throw new Failure('invalid_params', 'A task name is 1 to 500 letters, digits, hyphens or underscores', {
      data: { queue: task.queue, name: task.name.slice(0, 600) },
    });
  }
  if (!/^https?:$/.test(URL.parse(task.url)?.protocol ?? '') || task.url.length > 2083) {
    throw new Failure('invalid_params', 'A task needs an http or https URL of at most 2083 characters', {
      data: { queue: task.queue, length: task.url.length },
    });
  }
  if (task.scheduleAt !== undefined && task.scheduleAt - now > maximumWaitMs) {
    throw new Failure('invalid_params', 'A task waits 30 days at most', {
      data: { queue: task.queue, scheduleAt: new Date(task.scheduleAt).toISOString(), maximumDays: 30 },
    });
  }
  const body = JSON.stringify(task.body);
  const bytes = Buffer.byteLength(
    `${body}${task.url}${Object.entries(task.headers ?? {})
      .flat()
      .join('')}`,
  );
  const maximumBytes = maximumTaskBytes - reservedBytes;
  if (bytes > maximumBytes) {
    throw new Failure('too_large', 'A task carries ids, not data', {
      data: { queue: task.queue, bytes, maximumBytes },
    });
  }
  return body;
}
