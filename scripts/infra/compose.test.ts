import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../packages/substrate/src/config/config.ts';
import { googleSettings } from '../../packages/substrate/src/service/google-settings.ts';

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, object>>;
}

const root = join(import.meta.dirname, '..', '..');
const compose = parse(readFileSync(join(root, 'docker', 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
};
const { 'stand-ins': standIns, spanner, pubsub, migrate, ...fleet } = compose.services;

describe('the compose file', () => {
  test('has every service of the fleet, the emulators, the stand-ins and the migration', () => {
    const folders = readdirSync(join(root, 'services')).filter((name) =>
      existsSync(join(root, 'services', name, 'package.json')),
    );

    expect(Object.keys(fleet).toSorted()).toEqual(folders.toSorted());
    expect([spanner?.image, pubsub?.image].map((image) => image?.split('/')[0])).toEqual([
      'gcr.io',
      'gcr.io',
    ]);
    expect(migrate?.command).toEqual(['node', 'src/migrate.ts']);
    expect(existsSync(join(root, 'services/control/src/migrate.ts'))).toBe(true);
  });

  test.each(Object.entries(fleet))(
    'tells %s every setting in a way that it takes, and nothing unknown',
    (name, service) => {
      const { METADATA_SERVER_DETECTION: detection, ...environment } = service.environment ?? {};
      const known = new Set<string>(Object.values(googleSettings).map(({ env }) => env));

      const config = readConfig(googleSettings, environment);

      expect(detection).toBe('none');
      expect(Object.keys(environment).filter((env) => !known.has(env))).toEqual([]);
      expect(config.services[name]).toBe(`http://127.0.0.1:${config.port}`);
      expect(Object.keys(config.services)).toEqual(Object.keys(fleet));
      expect(service.network_mode).toBe('service:stand-ins');
      expect(Object.keys(service.depends_on ?? {})).toEqual(['migrate']);
    },
  );

  test('starts what stands in on the ports that the services are told', () => {
    const { emulators } = readConfig(googleSettings, fleet['control']?.environment ?? {});
    const words = standIns?.command ?? [];
    const given = (option: string) => words[words.indexOf(option) + 1];

    expect(given('--cloud-tasks')).toBe(String(emulators?.cloudTasks));
    expect(given('--kms')).toBe(String(emulators?.kms));
    expect(emulators?.bigquery).toBe(`http://127.0.0.1:${given('--bigquery')}`);
    expect(emulators?.pushTo).toBe(`http://127.0.0.1:${given('--relay')}/push/`);
    expect(pubsub?.command).toContain(`--host-port=${emulators?.pubsub}`);
  });

  test('builds every image by the one Dockerfile, of folders that there are', () => {
    for (const service of [standIns, migrate, ...Object.values(fleet)]) {
      const build = service?.build;
      expect(build?.dockerfile).toBe('docker/Dockerfile');
      expect(existsSync(join(root, build?.args['FOLDER'] ?? '', build?.args['SERVICE'] ?? '', 'src/'))).toBe(
        true,
      );
    }
  });
});
