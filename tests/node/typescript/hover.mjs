// Asks the TypeScript language server what an editor shows for each line of a file but its imports, and prints the answers as JSON.
//
//   node hover.mjs FILE    what is asked for is the last name of the line: `starter` in `plans.starter;`
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const file = process.argv[2];
const uri = pathToFileURL(file).href;
const text = readFileSync(file, 'utf8');
const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', import.meta.url));
const server = spawn(process.execPath, [compiler, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}

function ask(method, params) {
  const id = waiting.size + 1;
  send({ id, method, params });
  return new Promise((answer, fail) => waiting.set(id, { answer, fail }));
}

function receive(message) {
  const asked = message.method === undefined ? waiting.get(message.id) : undefined;
  if (asked) {
    message.error ? asked.fail(new Error(JSON.stringify(message.error))) : asked.answer(message.result);
  } else if (message.id !== undefined) {
    // The server asks for settings, of which there are none.
    send({ id: message.id, result: message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null });
  }
}

let received = Buffer.alloc(0);
server.stdout.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  for (;;) {
    const end = received.indexOf('\r\n\r\n');
    const length = end < 0 ? NaN : Number(/Content-Length: (\d+)/i.exec(received.subarray(0, end).toString())[1]);
    if (!(received.length >= end + 4 + length)) return;
    receive(JSON.parse(received.subarray(end + 4, end + 4 + length).toString()));
    received = received.subarray(end + 4 + length);
  }
});

const capabilities = { textDocument: { hover: { contentFormat: ['markdown'] } } };
await ask('initialize', { processId: process.pid, rootUri: pathToFileURL(dirname(file)).href, capabilities });
send({ method: 'initialized', params: {} });
send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'typescript', version: 1, text } } });
const shown = [];
for (const [line, code] of text.split('\n').entries()) {
  const name = /[\w$]+(?=\W*$)/.exec(code);
  if (name === null || code.startsWith('import')) continue;
  const hover = await ask('textDocument/hover', { textDocument: { uri }, position: { line, character: name.index } });
  shown.push(hover?.contents.value ?? null);
}
console.log(JSON.stringify(shown));
server.kill();
