// Runs a fixtures.json through Stripe's official command-line tool against a server that notes every request.
//
//   node run-fixtures.mjs FILE    prints the requests as JSON: [{ method, path, params: [[name, value], …] }, …]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = resolve(process.argv[2]);
const requests = [];

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    requests.push({ method: request.method, path: request.url, params: [...new URLSearchParams(body)] });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: `id_${requests.length}` }));
  });
});

server.listen(0, '127.0.0.1', () => {
  const home = mkdtempSync(join(tmpdir(), 'stripe-cli-'));
  const address = `http://127.0.0.1:${server.address().port}`;
  const tool = spawn(process.execPath, [join(here, 'node_modules/.bin/stripe'), 'fixtures', file, '--api-base', address], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, STRIPE_API_KEY: 'sk_test_000000000000', STRIPE_CLI_TELEMETRY_OPTOUT: '1' },
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  tool.stdout.on('data', (chunk) => (output += chunk));
  tool.stderr.on('data', (chunk) => (output += chunk));
  tool.on('close', (code) => {
    server.close();
    rmSync(home, { recursive: true, force: true });
    if (code !== 0) {
      process.stderr.write(output);
      process.exitCode = 1;
      return;
    }
    console.log(JSON.stringify(requests));
  });
});
