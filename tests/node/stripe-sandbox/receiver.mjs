// An endpoint for events.
import { createServer } from 'node:http';

// An endpoint that keeps what arrives, and answers with these statuses, the last of them from then on.
export async function receiver(t, statuses = [200]) {
  const arrived = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    arrived.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(statuses[Math.min(arrived.length, statuses.length) - 1]).end();
    wake();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const until = async (count) => {
    while (arrived.length < count) await new Promise((resolve) => (wake = resolve));
    return arrived;
  };
  return { url: `http://127.0.0.1:${server.address().port}/hooks`, until, arrived };
}
