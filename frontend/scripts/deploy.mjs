// Builds the storefront for an environment of the catalog and publishes it.
//
//   npm run deploy                            production, by `wrangler pages deploy`
//   npm run deploy -- staging                 another environment
//   npm run deploy -- staging --to FOLDER     into a new folder, for any server of files
//
// The API stands at the environment's live URL in the catalog; its server must allow the origin of the pages
// (PRICEBOOK_CORS_ORIGINS). Cloudflare Pages needs wrangler, its login (CLOUDFLARE_API_TOKEN) and the project's name in
// CLOUDFLARE_PAGES_PROJECT. An environment that is not production is published as a branch of that name.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../generated/validation/catalog.json', import.meta.url));
const POLICY = fileURLToPath(new URL('../../runtime/templates/storefront-policy.txt', import.meta.url));
const OUT = join(PACKAGE, '.deploy');

/** @param {string} problem */
function fail(problem) {
  process.stderr.write(`deploy: ${problem}\n`);
  process.exit(1);
}

/** What is asked for on the command line. */
function asked() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } });
  const [environment = 'production', ...more] = positionals;
  if (more.length > 0) fail(`one environment, not also ${more.join(', ')}`);
  return { environment, to: values.to };
}

/**
 * Where the API of an environment answers.
 * @param {string} environment
 * @returns {string}
 */
function liveUrl(environment) {
  /** @type {{ id: string, live_url: string | null }[]} */
  const environments = JSON.parse(readFileSync(CATALOG, 'utf8')).environments;
  const found = environments.find(({ id }) => id === environment);
  if (found?.live_url) return found.live_url;
  const known = environments.filter(({ live_url }) => live_url).map(({ id }) => id);
  return fail(`the catalog names no live URL for '${environment}', but for ${known.join(', ')}`) ?? '';
}

/**
 * As the server sends them, with the API elsewhere.
 * @param {string} api
 */
function headers(api) {
  const policy = readFileSync(POLICY, 'utf8').trim().replace("connect-src 'self'", `connect-src 'self' ${api}`);
  return `/*
  Content-Security-Policy: ${policy}
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY
  Referrer-Policy: no-referrer
  Strict-Transport-Security: max-age=31536000; includeSubDomains
/storefront/*
  Cache-Control: public, max-age=31536000, immutable
`;
}

/** @param {string} environment */
function publish(environment) {
  const project = process.env['CLOUDFLARE_PAGES_PROJECT'];
  if (!project) {
    fail('CLOUDFLARE_PAGES_PROJECT names no project of Cloudflare Pages; set it, or publish with `--to FOLDER`');
    return;
  }
  const branch = environment === 'production' ? 'main' : environment;
  const deploy = ['pages', 'deploy', OUT, `--project-name=${project}`, `--branch=${branch}`];
  for (const [program, first] of /** @type {const} */ ([
    ['wrangler', []],
    ['npx', ['wrangler']],
  ])) {
    const { error, status } = spawnSync(program, [...first, ...deploy], { stdio: 'inherit' });
    if (error === undefined) process.exit(status ?? 1);
    if (!('code' in error) || error.code !== 'ENOENT') fail(`${program}: ${error.message}`);
  }
  fail('neither wrangler nor npx is found; install wrangler, or publish with `--to FOLDER`');
}

const { environment, to } = asked();
if (to !== undefined && existsSync(to)) fail(`${to} is there already; name a new folder`);
const api = liveUrl(environment);
process.env['VITE_API_URL'] = api;
rmSync(OUT, { recursive: true, force: true });
await build({ root: PACKAGE, build: { outDir: OUT }, logLevel: 'warn' });
// Servers of files know no second address of one page.
for (const address of ['payment', 'subscribe']) {
  mkdirSync(join(OUT, address));
  copyFileSync(join(OUT, 'index.html'), join(OUT, address, 'index.html'));
}
writeFileSync(join(OUT, '_headers'), headers(api));
if (to === undefined) publish(environment);
else {
  cpSync(OUT, to, { recursive: true });
  process.stdout.write(`deploy: ${environment} is in ${to}, and asks ${api}\n`);
}
