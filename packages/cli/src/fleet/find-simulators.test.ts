import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSimulators, loadSimulator } from './find-simulators.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-simulators-'));
  const withSimulator = JSON.stringify({ exports: { './simulator': './simulator.mjs' } });
  write('oak', 'package.json', withSimulator);
  write('oak', 'simulator.mjs', 'export const simulator = { create: () => ({}) };');
  write('ash', 'package.json', withSimulator);
  write('ash', 'simulator.mjs', 'export const createSimulator = () => ({});');
  write('control', 'package.json', '{}');
  mkdirSync(join(folder, 'empty'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(service: string, name: string, text: string): void {
  mkdirSync(join(folder, service), { recursive: true });
  writeFileSync(join(folder, service, name), text);
}

test('simulators are those that services export, by name', () => {
  expect(findSimulators(folder)).toEqual([
    { vendor: 'ash', module: join(folder, 'ash', 'simulator.mjs') },
    { vendor: 'oak', module: join(folder, 'oak', 'simulator.mjs') },
  ]);
  expect(findSimulators(join(folder, 'nowhere'))).toEqual([]);
});

test('one that exports something else is told what to export', async () => {
  const [ash, oak] = findSimulators(folder);
  if (ash === undefined || oak === undefined) throw new Error('not found');

  expect(typeof (await loadSimulator(oak)).create).toBe('function');
  await expect(loadSimulator(ash)).rejects.toMatchObject({ code: 'config_invalid', data: { vendor: 'ash' } });
});
