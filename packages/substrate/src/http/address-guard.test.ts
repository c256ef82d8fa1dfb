import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
import { createAddressGuard, isPublicAddress } from './address-guard.ts';

describe('isPublicAddress', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    ['0.0.0.0', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'the metadata server'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['192.0.2.1', 'documentation'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'v4-mapped loopback'],
    ['::ffff:a9fe:a9fe', 'v4-mapped metadata server'],
    ['::127.0.0.1', 'v4-compatible loopback'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'a metadata server'],
    ['ff02::1', 'multicast'],
    ['2002:7f00:1::', '6to4 around loopback'],
    ['2001:0:7f00:1::', 'Teredo'],
    ['64:ff9b::7f00:1', 'NAT64 around loopback'],
    ['64:ff9b:1::1', 'local NAT64'],
    ['2001:db8::1', 'documentation'],
    ['100::1', 'discard'],
    ['4000::1', 'handed out to nobody'],
    ['example.com', 'a name'],
    ['', 'nothing'],
  ])('refuses %s (%s)', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('assertUrl', () => {
  const guard = createAddressGuard(['127.0.0.1:8080', 'SIS.internal', '[::1]:9000']);

  test.each([
    'https://sis.example.com/x',
    'https://8.8.8.8/',
    'http://127.0.0.1:8080/x',
    'http://sis.internal/x',
    'http://sis.internal:81/x',
    'http://[::1]:9000/',
  ])('lets %s pass', (url) => {
    expect(() => guard.assertUrl(new URL(url))).not.toThrow();
  });

  test.each([
    ['http://sis.example.com/', 'scheme_not_https'],
    ['ftp://sis.internal/', 'scheme_not_https'],
    ['http://127.0.0.1:8081/', 'scheme_not_https'],
    ['https://127.0.0.1/', 'address_not_public'],
    ['https://2130706433/', 'address_not_public'],
    ['https://0x7f.1/', 'address_not_public'],
    ['https://0251.0376.0251.0376/', 'address_not_public'],
    ['https://[::ffff:10.0.0.1]/', 'address_not_public'],
  ])('refuses %s as %s', (url, problem) => {
    expect(refusalOf(() => guard.assertUrl(new URL(url)))).toMatchObject({
      code: 'config_invalid',
      data: { problem },
    });
  });
});

describe('lookup', () => {
  const { lookup } = createAddressGuard();

  test('resolves to public addresses, in the form that was asked for', async () => {
    const resolved = (all: boolean) =>
      new Promise((resolve) => {
        lookup('8.8.8.8', { all }, (...results) => resolve(results));
      });
    expect(await resolved(true)).toEqual([null, [{ address: '8.8.8.8', family: 4 }]]);
    expect(await resolved(false)).toEqual([null, '8.8.8.8', 4]);
  });

  test.each([true, false])('refuses a name that resolves to a private address (all: %s)', async (all) => {
    const error = await new Promise((resolve) => {
      lookup('localhost', { all }, (refusal) => resolve(refusal));
    });
    expect(error).toMatchObject({
      code: 'config_invalid',
      data: { problem: 'address_not_public', host: 'localhost' },
    });
  });
});

function refusalOf(act: () => void): Failure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('It passed');
}
