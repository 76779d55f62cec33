// `npm run deploy`: one command builds the pages for an environment and hands them over.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const CATALOG = new URL('../../../generated/validation/catalog.json', import.meta.url);
const environments: { id: string; live_url: string }[] = JSON.parse(readFileSync(CATALOG, 'utf8')).environments;
const urlOf = (id: string) => environments.find((environment) => environment.id === id)?.live_url ?? '';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pricebook-deploy-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function deploy(options: string[], variables: Record<string, string> = {}) {
  const env = { ...process.env, NODE_ENV: 'production', CLOUDFLARE_PAGES_PROJECT: '', ...variables };
  return spawnSync('npm', ['run', '--silent', 'deploy', '--', ...options], { cwd: PACKAGE, env, encoding: 'utf8' });
}

/** Everything that the pages consist of. */
function scripts(out: string): string {
  const files = readdirSync(join(out, 'storefront')).filter((name) => name.endsWith('.js'));
  return files.map((name) => readFileSync(join(out, 'storefront', name), 'utf8')).join('\n');
}

it('puts the pages of an environment into a folder, where they ask its API and no other', () => {
  const out = join(folder, 'out');
  const { status, stdout, stderr } = deploy(['staging', '--to', out]);
  expect(stderr.replace(/^npm warn.*\n/gm, '')).toBe('');
  expect([status, stdout]).toEqual([0, `deploy: staging is in ${out}, and asks ${urlOf('staging')}\n`]);
  expect(scripts(out)).toContain(urlOf('staging'));
  expect(scripts(out)).not.toContain(urlOf('production'));
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  expect(readFileSync(join(out, 'payment/index.html'), 'utf8')).toBe(page);
  expect(readFileSync(join(out, 'subscribe/index.html'), 'utf8')).toBe(page);
  const headers = readFileSync(join(out, '_headers'), 'utf8');
  expect(headers).toContain(`connect-src 'self' ${urlOf('staging')};`);
  expect(headers).not.toContain('unsafe');
  expect(deploy(['staging', '--to', out]).stderr).toContain('is there already');
}, 60_000);

it('publishes production by wrangler unless told otherwise, and ends as wrangler does', () => {
  writeFileSync(join(folder, 'wrangler'), '#!/bin/sh\necho "$@"\nexit 3\n');
  chmodSync(join(folder, 'wrangler'), 0o755);
  const PATH = folder + delimiter + process.env['PATH'];
  const { status, stdout } = deploy([], { PATH, CLOUDFLARE_PAGES_PROJECT: 'shop' });
  const out = join(PACKAGE, '.deploy');
  expect([status, stdout]).toEqual([3, `pages deploy ${out} --project-name=shop --branch=main\n`]);
  expect(scripts(out)).toContain(urlOf('production'));
}, 60_000);

it('says what it lacks before anything is published', () => {
  expect(deploy(['nowhere']).stderr).toContain(
    "the catalog names no live URL for 'nowhere', but for production, staging",
  );
  expect(deploy([]).stderr).toContain('CLOUDFLARE_PAGES_PROJECT');
  expect(existsSync(join(folder, 'out'))).toBe(false);
}, 60_000);
