import { z } from 'zod';
import { type Config, defineConfig } from '../config/config.ts';
import { jsonSetting } from '../config/json-setting.ts';
import { Failure } from '../failure/failure.ts';
import { isSoundToken, tokenRule } from './authenticate.local.ts';
import type { MailSettings } from './service-definition.ts';

const Port = z.coerce.number().int().min(0).max(65_535);
const Seconds = z.coerce.number().min(0);
const sliceRule = 'a number of seconds from 0.1 to 1500';
/** In a slice of no length no run would advance; Cloud Tasks gives up a task after 30 minutes, and a page may still be under way. */
const SliceSeconds = z.coerce.number(sliceRule).min(0.1, sliceRule).max(1_500, sliceRule);

/** `{"control": "https://…", "oneroster": "https://…"}`: origins, without a path. */
const ServiceUrls = jsonSetting(
  z.record(z.string(), z.string().refine(isOrigin, 'origins such as https://example.com, without a path')),
);

/** `ana@district.example`, or `Flotilla <flotilla@district.example>`. */
const MailFrom = z
  .string()
  .regex(
    /^(?:[^<>\p{Cc}]*<)?[^\s<>@"]+@[^\s<>@"]+>?$/u,
    'an address, or a name and an address: Flotilla <flotilla@district.example>',
  );

/** Read before all others: which ones follow. */
export const stackSetting = defineConfig({
  stack: {
    env: 'FLOTILLA_STACK',
    schema: z.enum(['local', 'google']).default('local'),
    about:
      'Which adapters are used: `local` keeps everything in files of one folder, `google` in Google Cloud.',
    example: 'local',
  },
});

/** What every service of the fleet is told by its environment, whatever it stands on. */
export const fleetSettings = defineConfig({
  ...stackSetting,
  port: { env: 'PORT', schema: Port, about: 'The port to listen on; 0 takes any free one.', example: '8080' },
  host: {
    env: 'FLOTILLA_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    about: 'The address to listen on; a container needs 0.0.0.0.',
    example: '0.0.0.0',
  },
  services: {
    env: 'FLOTILLA_SERVICES',
    schema: ServiceUrls,
    about: 'Where each service of the fleet is reached.',
    example: '{"control":"http://127.0.0.1:4101","oneroster":"http://127.0.0.1:4102"}',
  },
  dashboardUrl: {
    env: 'FLOTILLA_DASHBOARD_URL',
    schema: z
      .string()
      .refine(isOrigin, 'an origin such as https://example.com, without a path')
      .transform((text) => new URL(text).origin)
      .optional(),
    about:
      'Where people reach the dashboard: links to it begin so. Left out, a local fleet takes the address of control.',
    example: 'https://flotilla.district.example',
  },
  allowedHosts: {
    env: 'FLOTILLA_ALLOWED_HOSTS',
    schema: z
      .string()
      .optional()
      .transform((text) => splitList(text ?? '')),
    about: 'Vendor hosts that may be private and plain http, comma-separated. None in production.',
    example: '127.0.0.1,localhost',
  },
  sliceSeconds: {
    env: 'FLOTILLA_SLICE_SECONDS',
    schema: SliceSeconds.default(480),
    about: 'How long one task works on a run before it hands over; well below the dispatch deadline.',
    example: '480',
  },
  nightlySpreadSeconds: {
    env: 'FLOTILLA_NIGHTLY_SPREAD_SECONDS',
    schema: Seconds.default(0),
    about: 'Over how long the runs of a night begin.',
    example: '3600',
  },
  smtpUrl: {
    env: 'FLOTILLA_SMTP_URL',
    schema: z.url({ protocol: /^smtps?$/, hostname: /./ }).optional(),
    about:
      'The mail server by which control sends reports: smtp:// (with STARTTLS, which must be there where a password is sent) or smtps://. Left out: no mail is sent.',
    example: 'smtps://flotilla:a-password@mail.district.example',
    secret: true,
  },
  mailFrom: {
    env: 'FLOTILLA_MAIL_FROM',
    schema: MailFrom.optional(),
    about: 'Whom mails are from: an address, or a name and an address. Needed to send mail.',
    example: 'Flotilla <flotilla@district.example>',
  },
  logLevel: {
    env: 'LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    about: 'Lines below it are not written.',
    example: 'info',
  },
  logFormat: {
    env: 'LOG_FORMAT',
    schema: z.enum(['json', 'pretty']).default('json'),
    about: 'One JSON object a line for Cloud Logging, or a readable line for a terminal.',
    example: 'pretty',
  },
  tracesTo: {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: z.url().optional(),
    about:
      'Where OpenTelemetry traces are sent, by OTLP over HTTP. Nothing of OpenTelemetry is loaded without it.',
    example: 'http://127.0.0.1:4318',
  },
  tracesRatio: {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    schema: z.coerce.number().min(0).max(1).default(1),
    about: 'How many of the traces are kept: 1 for all, 0.1 for every tenth.',
    example: '0.1',
  },
  parent: {
    env: 'FLOTILLA_PARENT',
    schema: z.string().optional(),
    about: 'Set by a parent process that keeps our standard input open: when it ends, so do we.',
    example: '1',
  },
});

/** Those of the embedded stack. */
export const localSettings = defineConfig({
  ...fleetSettings,
  home: {
    env: 'FLOTILLA_HOME',
    schema: z.string().min(1),
    about: 'The folder of the local stack: store, queue, bus, warehouse and keys.',
    example: '/var/lib/flotilla',
  },
  token: {
    env: 'FLOTILLA_TOKEN',
    schema: z.string().refine(isSoundToken, tokenRule),
    about: "The local fleet's token: whoever has it is admin. There is no unauthenticated mode.",
    example: 'a-long-random-text-made-by-flotilla-dev',
    secret: true,
  },
});

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Undefined where no mail is to be sent. Fails with `config_invalid` where it is not said whom mails are from. */
export function mailSettingsIn({
  smtpUrl,
  mailFrom,
}: Pick<Config<typeof fleetSettings>, 'smtpUrl' | 'mailFrom'>): MailSettings | undefined {
  if (smtpUrl === undefined) return undefined;
  if (mailFrom !== undefined) return { smtpUrl, from: mailFrom };
  throw new Failure('config_invalid', 'FLOTILLA_SMTP_URL is set; set FLOTILLA_MAIL_FROM too', {
    data: { example: fleetSettings.mailFrom.example },
  });
}

/** Looks up where a service is. Fails with `config_invalid` for one that is not deployed. */
export function serviceUrlIn(services: Readonly<Record<string, string>>): (name: string) => string {
  return (name) => {
    const url = Object.hasOwn(services, name) ? services[name] : undefined;
    if (url !== undefined) return new URL(url).origin;
    throw new Failure('config_invalid', 'This service is not part of the fleet', {
      data: { service: name, deployed: Object.keys(services).join(', ') },
    });
  };
}
