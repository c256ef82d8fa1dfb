import { z } from 'zod';
import { defineConfig } from '../config/config.ts';
import { jsonSetting } from '../config/json-setting.ts';
import { isSoundToken, tokenRule } from './authenticate.local.ts';
import { fleetSettings } from './fleet-settings.ts';

const HostAndPort = z.string().regex(/^[\w.-]+:\d+$/, 'host:port');
const role = z.enum(['admin', 'orchestrator', 'scheduler', 'viewer', 'tasks', 'push']);
const personRole = z.enum(['admin', 'orchestrator', 'viewer']);
/** A person's address, or a whole domain. */
const PersonName = z
  .string()
  .regex(
    /^[^@\s]*@[^@\s]+$/,
    'an address such as ana@district.example, or a domain such as @district.example',
  );

/** `instance/database`, as Spanner lets them be named. */
const SpannerName = z
  .string()
  .regex(/^[a-z][-a-z0-9]*\/[a-z][-_a-z0-9]*$/, 'an instance and a database, such as flotilla/fleet')
  .transform((text) => {
    const [instanceId = '', databaseId = ''] = text.split('/');
    return { instanceId, databaseId };
  });

/** Where what stands in for Google's services is reached, where they are not Google's own. */
const Emulators = z.strictObject({
  spanner: HostAndPort,
  pubsub: HostAndPort,
  /** Ports of this machine, on which Cloud Tasks' and Cloud KMS' protocols are spoken without TLS. */
  cloudTasks: z.int(),
  kms: z.int(),
  bigquery: z.url(),
  /** The public keys of whoever signs tokens there. */
  certificates: z.url(),
  /** What the URL of a push subscription begins with, where pushes need somebody to sign them; the endpoint follows, encoded. */
  pushTo: z.url(),
  /** The token with which a person calls that fleet, as with the embedded one. */
  token: z.string().refine(isSoundToken, tokenRule),
});
export type Emulators = z.output<typeof Emulators>;

/** Those of the stack in Google Cloud. `infra/` sets them all. */
export const googleSettings = defineConfig({
  ...fleetSettings,
  project: {
    env: 'GOOGLE_CLOUD_PROJECT',
    schema: z.string().regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, 'the id of a project'),
    about: 'The project that everything is in.',
    example: 'district-flotilla',
  },
  region: {
    env: 'FLOTILLA_REGION',
    schema: z.string().regex(/^[a-z]+-[a-z]+\d+$/, 'a region such as us-central1'),
    about: 'Where queues, keys and the warehouse are, so that the customers’ data stay there.',
    example: 'us-central1',
  },
  spanner: {
    env: 'FLOTILLA_SPANNER',
    schema: SpannerName,
    about: 'The Spanner instance and database of the store.',
    example: 'flotilla/fleet',
  },
  dataset: {
    env: 'FLOTILLA_DATASET',
    schema: z.string().regex(/^\w{1,1024}$/, 'letters, digits and underscores'),
    about: 'The BigQuery dataset of the warehouse.',
    example: 'flotilla',
  },
  keyRing: {
    env: 'FLOTILLA_KEY_RING',
    schema: z.string().regex(/^[\w-]{1,63}$/, 'letters, digits, underscores and hyphens'),
    about: 'The Cloud KMS key ring in which each vendor has a key of its name.',
    example: 'flotilla',
  },
  tasksAccount: {
    env: 'FLOTILLA_TASKS_ACCOUNT',
    schema: z.email(),
    about: 'The service account in whose name Cloud Tasks calls the services.',
    example: 'flotilla-tasks@district-flotilla.iam.gserviceaccount.com',
  },
  callers: {
    env: 'FLOTILLA_CALLERS',
    schema: jsonSetting(z.record(z.email(), role)),
    about: 'Who may call the services as what: accounts by their e-mail addresses.',
    example: '{"flotilla-tasks@district-flotilla.iam.gserviceaccount.com":"tasks"}',
  },
  iapAudience: {
    env: 'FLOTILLA_IAP_AUDIENCE',
    schema: z
      .string()
      .regex(
        /^\/projects\/\d+\/[\w/.-]+$/,
        'a path such as /projects/123/locations/us-central1/services/dashboard',
      )
      .optional(),
    about:
      'Whom the assertions of Identity-Aware Proxy must be meant for. Only a service that is behind it has this; any other serves no pages.',
    example: '/projects/123456789012/locations/us-central1/services/dashboard',
  },
  people: {
    env: 'FLOTILLA_PEOPLE',
    schema: jsonSetting(z.record(PersonName, personRole)).default({}),
    about:
      'Who may use the dashboard as what: people by their e-mail addresses, all others of a domain by @ and its name.',
    example: '{"ana@district.example":"admin","@district.example":"viewer"}',
  },
  emulators: {
    env: 'FLOTILLA_EMULATORS',
    schema: jsonSetting(Emulators).optional(),
    about:
      'Where emulators and stand-ins are reached instead of Google; set by `flotilla dev --stack emulators` and docker/compose.yaml alone.',
    example:
      '{"spanner":"127.0.0.1:9010","pubsub":"127.0.0.1:8085","cloudTasks":8123,"kms":8124,"bigquery":"http://127.0.0.1:9050","certificates":"http://127.0.0.1:8125/certificates","pushTo":"http://127.0.0.1:8125/push/","token":"a-long-random-text-made-by-flotilla-dev"}',
    secret: true,
  },
});
