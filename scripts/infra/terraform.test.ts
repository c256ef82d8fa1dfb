import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../packages/substrate/src/config/config.ts';
import { deadLettersOf } from '../../packages/substrate/src/egress/pubsub/pubsub-clients.ts';
import { googleSettings } from '../../packages/substrate/src/service/google-settings.ts';
import { vendorQueues } from '../../packages/substrate/src/vendor/define-vendor.ts';
import { controlQueues } from '../../services/control/src/service.ts';
import { oneroster } from '../../services/oneroster/src/vendor.ts';
import { warehouseSubscriptions } from '../../services/warehouse/src/service.ts';
import { type Blocks, type Body, checkArguments, type Documentation } from './check-arguments.ts';

const root = join(import.meta.dirname, '..', '..');

interface TerraformFile {
  readonly parsed: {
    readonly resource?: Blocks;
    readonly data?: Blocks;
    readonly locals?: readonly Body[];
    readonly variable?: Readonly<Record<string, readonly Body[]>>;
    readonly output?: Readonly<Record<string, readonly Body[]>>;
    readonly terraform?: readonly {
      readonly required_providers: readonly { readonly google: { readonly version: string } }[];
    }[];
  };
  readonly text: string;
  readonly formatted: string;
}

const documented = JSON.parse(readFileSync(join(import.meta.dirname, 'provider-arguments.json'), 'utf8')) as {
  readonly version: string;
  readonly types: Documentation;
};

const rendered = (
  JSON.parse(readFileSync(join(root, 'infra', 'services.auto.tfvars.json'), 'utf8')) as {
    readonly services: Readonly<
      Record<
        string,
        {
          readonly is_vendor: boolean;
          readonly timeout_seconds: number;
          readonly queues: Readonly<Record<string, object>>;
          readonly subscriptions: Readonly<Record<string, object>>;
        }
      >
    >;
  }
).services;

let files: Readonly<Record<string, TerraformFile>> = {};

beforeAll(async () => {
  const program = join(import.meta.dirname, 'print-terraform.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, join(root, 'infra')], {
    maxBuffer: 10_000_000,
  });
  files = JSON.parse(stdout) as typeof files;
});

describe('the Terraform files', () => {
  test('are formatted as HCL’s own formatter does it, which terraform fmt uses', () => {
    const unformatted = Object.entries(files).filter(([, { text, formatted }]) => text !== formatted);

    expect(Object.keys(files).length).toBeGreaterThan(10);
    expect(unformatted.map(([path]) => path)).toEqual([]);
  });

  test('use only arguments that the documentation of their version of the provider has, and all that it requires', () => {
    const problems = Object.values(files).flatMap(({ parsed }) => [
      ...checkArguments(parsed.resource ?? {}, documented.types),
      ...checkArguments(parsed.data ?? {}, documented.types, 'data.'),
    ]);

    expect(problems).toEqual([]);
    expect(files['versions.tf']?.parsed.terraform?.[0]?.required_providers[0]?.google.version).toBe(
      `~> ${documented.version}`,
    );
  });

  test('describe every variable, with its type, and every output', () => {
    const variables = Object.entries(files['variables.tf']?.parsed.variable ?? {});
    const outputs = Object.entries(files['outputs.tf']?.parsed.output ?? {});
    const speechless = [...variables, ...outputs].filter(([, [body]]) => body?.['description'] === undefined);

    expect(variables.length).toBeGreaterThan(5);
    expect(speechless).toEqual([]);
    expect(variables.filter(([, [body]]) => body?.['type'] === undefined)).toEqual([]);
    expect(variables.filter(([, [body]]) => body?.['validation'] === undefined)).toEqual([]);
  });

  test('name only what is there: variables, locals and resources', () => {
    const known = knownNames();
    const text = Object.values(files)
      .map((file) => file.text.replaceAll(/#.*$/gm, ''))
      .join('\n');
    const named = [
      ...text.matchAll(/\b(var|local)\.([a-z_]+)/g),
      ...text.matchAll(/\b(google_[a-z0-9_]+)\.([a-z_]+)/g),
    ].map(([, kind, name]) => `${kind}.${name}`);

    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => /^(var|local)\./.test(name) && !named.includes(name))).toEqual([]);
  });
});

describe('what the services are told', () => {
  /** PORT is Cloud Run's, the host the image's; the others are for other places than Google Cloud, or for development. */
  const setElsewhere = [
    'PORT',
    'FLOTILLA_HOST',
    'FLOTILLA_ALLOWED_HOSTS',
    'FLOTILLA_PARENT',
    'FLOTILLA_EMULATORS',
  ];

  test('is every setting that there is, and nothing unknown', () => {
    const { environment, secret_environment, dashboard_environment } = locals();
    const told = [environment, secret_environment, dashboard_environment].flatMap((one) =>
      Object.keys(one as object),
    );
    const settings = Object.values(googleSettings).map(({ env }) => env);

    expect(told.toSorted()).toEqual(settings.filter((env) => !setElsewhere.includes(env)).toSorted());
  });

  test('is accepted by the settings once Terraform has put in what it knows', () => {
    const parts = locals();
    const environment = {
      ...(parts['environment'] as object),
      ...(parts['secret_environment'] as object),
      ...(parts['dashboard_environment'] as object),
    } as Readonly<Record<string, string>>;
    const known: Readonly<Record<string, string>> = {
      FLOTILLA_SPANNER: 'flotilla/fleet',
      FLOTILLA_DATASET: 'flotilla',
      FLOTILLA_KEY_RING: 'flotilla',
      GOOGLE_CLOUD_PROJECT: 'district-flotilla',
      FLOTILLA_REGION: 'us-central1',
      FLOTILLA_TASKS_ACCOUNT: 'flotilla-tasks@district-flotilla.iam.gserviceaccount.com',
      FLOTILLA_CALLERS: '{"flotilla-tasks@district-flotilla.iam.gserviceaccount.com":"tasks"}',
      FLOTILLA_SERVICES: '{"control":"https://control-1.us-central1.run.app"}',
      FLOTILLA_DASHBOARD_URL: 'https://dashboard-1.us-central1.run.app',
      FLOTILLA_MAIL_FROM: '',
      FLOTILLA_SMTP_URL: '',
      FLOTILLA_IAP_AUDIENCE: '/projects/1/locations/us-central1/services/dashboard',
      FLOTILLA_PEOPLE: '{"ana@district.example":"admin","@district.example":"viewer"}',
      FLOTILLA_SLICE_SECONDS: '480',
      FLOTILLA_NIGHTLY_SPREAD_SECONDS: '3600',
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      OTEL_TRACES_SAMPLER_ARG: '1',
    };
    const filled = Object.entries(environment).map(([name, text]) => [
      name,
      text.startsWith('${') || text.includes('${') ? known[name] : text,
    ]);

    const config = readConfig(googleSettings, { ...Object.fromEntries(filled), PORT: '8080' });

    expect(config).toMatchObject({ stack: 'google', logFormat: 'json' });
    expect(config.tracesTo).toBeUndefined();
  });

  test('is what they are called, in whose name, and where', () => {
    const { text = '' } = files['scheduler.tf'] ?? {};
    const shell = readFileSync(join(root, 'packages/substrate/src/service/http-shell.ts'), 'utf8');
    const nightly = readFileSync(join(root, 'services/control/src/methods/nightly.ts'), 'utf8');

    expect(shell).toContain("app.get('/healthz'");
    expect(files['run.tf']?.text).toContain('path = "/healthz"');
    expect(text).toContain('/tasks/sweep"');
    expect(text).toContain('"nightly.run.v1"');
    expect(nightly).toMatch(/name: 'nightly\.run',\s*version: 1,/);
    expect(files['pubsub.tf']?.text).toContain('/push/${each.value.route}"');
    expect(files['pubsub.tf']?.text).toContain(`"${deadLettersOf('${each.key}')}"`);
  });
});

describe('the rendered profiles', () => {
  test('have a queue for every queue that the code knows, and the warehouse’s subscription', () => {
    expect(Object.keys(rendered['control']?.queues ?? {})).toEqual(controlQueues.map(({ name }) => name));
    expect(Object.keys(rendered['warehouse']?.subscriptions ?? {})).toEqual(
      warehouseSubscriptions.map(({ name }) => name),
    );
    expect(Object.keys(rendered['oneroster']?.queues ?? {})).toEqual(
      vendorQueues(oneroster).map(({ name }) => name),
    );
    for (const [name, service] of Object.entries(rendered))
      expect([name, Object.keys(service.queues).length]).toEqual([
        name,
        service.is_vendor ? 3 : name === 'control' ? 1 : 0,
      ]);
  });

  test('give a request at least as long as the queue’s dispatch deadline', () => {
    const [queue] = controlQueues;

    expect((rendered['control']?.timeout_seconds ?? 0) * 1000).toBeGreaterThanOrEqual(
      queue?.dispatchDeadlineMs ?? Number.NaN,
    );
    expect(oneroster.runtime.timeoutSeconds * 1000).toBeGreaterThanOrEqual(
      Math.max(...vendorQueues(oneroster).map(({ dispatchDeadlineMs }) => dispatchDeadlineMs)),
    );
  });
});

describe('alerts', () => {
  const places = ['substrate/src/pipeline/run', 'substrate/src/service'].map((path) => `packages/${path}`);

  test('wait for words that the services say', () => {
    const code = places
      .flatMap((place) => globSync(`${place}/*.ts`, { cwd: root }))
      .filter((path) => !path.endsWith('.test.ts'))
      .map((path) => readFileSync(join(root, path), 'utf8'))
      .join('\n');
    const said = locals()['said'] as Readonly<Record<string, { readonly messages: readonly string[] }>>;
    const messages = Object.values(said).flatMap((one) => one.messages);

    expect(messages.length).toBeGreaterThan(3);
    expect(messages.filter((message) => !code.includes(`'${message}'`))).toEqual([]);
  });
});

test('the advice of alerts names methods that control has', () => {
  const { text = '' } = files['alerts.tf'] ?? {};
  const named = [...text.matchAll(/`([a-z][a-zA-Z]+\.[a-z]+)`?/g)].map(([, name]) => name ?? '');
  const methods = readFileSync(join(root, 'services/control/openrpc.json'), 'utf8');

  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !methods.includes(`"name": "${name}.v1"`))).toEqual([]);
});

describe('the check of arguments', () => {
  const documentation: Documentation = {
    google_thing: {
      page: 'https://example.test/thing',
      required: ['name'],
      optional: ['size', 'part'],
      blocks: { part: { required: ['colour'], optional: [] } },
    },
  };

  test.each<[string, Body, readonly string[]]>([
    ['nothing where all is documented', { name: 'a', part: [{ colour: 'red' }], for_each: '${x}' }, []],
    ['an argument that there is not', { name: 'a', sizes: 1 }, ['google_thing.a: no argument sizes']],
    ['what is missing', { size: 1 }, ['google_thing.a: name is missing']],
    [
      'what is wrong in a block',
      { name: 'a', part: [{ color: 'red' }] },
      ['google_thing.a.part: no argument color', 'google_thing.a.part: colour is missing'],
    ],
    [
      'what is wrong in a block for each',
      { name: 'a', dynamic: { part: [{ for_each: '${x}', content: [{ colour: 'red', size: 1 }] }] } },
      ['google_thing.a.part: no argument size'],
    ],
  ])('tells %s', (_what, body, problems) => {
    expect(checkArguments({ google_thing: { a: [body] } }, documentation)).toEqual(
      problems.map((problem) => `${problem} (https://example.test/thing)`),
    );
  });

  test('tells a type that nobody looked up', () => {
    expect(checkArguments({ google_other: { a: [{}] } }, documentation)).toEqual([
      'google_other: not in the table of documented arguments',
    ]);
  });
});

function locals(): Body {
  return Object.assign({}, ...Object.values(files).flatMap(({ parsed }) => parsed.locals ?? [])) as Body;
}

function knownNames(): ReadonlySet<string> {
  const resources = Object.values(files).flatMap(({ parsed }) =>
    [parsed.resource ?? {}, parsed.data ?? {}].flatMap((blocks) =>
      Object.entries(blocks).flatMap(([type, byName]) =>
        Object.keys(byName).map((name) => `${type}.${name}`),
      ),
    ),
  );
  return new Set([
    ...resources,
    ...Object.keys(locals()).map((name) => `local.${name}`),
    ...Object.keys(files['variables.tf']?.parsed.variable ?? {}).map((name) => `var.${name}`),
  ]);
}
