import { Failure } from '../failure/failure.ts';
import type { TaskRequest } from './task-queue.ts';

const namePattern = /^[A-Za-z0-9_-]{1,500}$/;

/** Cloud Tasks' v2 reference says 100 KB (its quota page 1 MB): we keep to the smaller. */
const maximumTaskBytes = 100_000;

/** Pure. The body as JSON text, after refusing what Cloud Tasks would refuse. */
export function encodeTaskBody(task: TaskRequest): string {
  if (!namePattern.test(task.queue)) {
    throw new Failure('invalid_params', 'A queue name is 1 to 500 letters, digits, hyphens or underscores', {
      data: { queue: task.queue.slice(0, 600) },
    });
  }
  if (task.name !== undefined && !namePattern.test(task.name)) {
    throw new Failure('invalid_params', 'A task name is 1 to 500 letters, digits, hyphens or underscores', {
      data: { queue: task.queue, name: task.name.slice(0, 600) },
    });
  }
  if (!/^https?:$/.test(URL.parse(task.url)?.protocol ?? '') || task.url.length > 2083) {
    throw new Failure('invalid_params', 'A task needs an http or https URL of at most 2083 characters', {
      data: { queue: task.queue, length: task.url.length },
    });
  }
  const body = JSON.stringify(task.body);
  const bytes = Buffer.byteLength(body);
  if (bytes > maximumTaskBytes) {
    throw new Failure('too_large', 'A task carries ids, not data', {
      data: { queue: task.queue, bytes, maximumBytes: maximumTaskBytes },
    });
  }
  return body;
}
