// A platform that takes Renova's webhooks: receiver.mjs PORT SECRET_FILE
// Prints a line for each event that it acts upon.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
// <docs>
import { Webhook } from 'standardwebhooks';

const seen = new Set(); // in production: a table with a unique column

function receive(secret, body, headers) {
  const event = new Webhook(secret).verify(body, headers); // throws what is not Renova's
  if (seen.has(headers['webhook-id'])) return 204; // told before: done already
  seen.add(headers['webhook-id']);
  actUpon(event); // { type, timestamp, data: { organization: { external_id }, … } }
  return 204;
}
// </docs>

const [port, secretFile] = process.argv.slice(2);

function actUpon(event) {
  console.log(JSON.stringify({ type: event.type, organization: event.data.organization.external_id }));
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The bytes as they came: what is parsed and written again has another signature.
  const body = Buffer.concat(chunks).toString();
  let status = 400;
  try {
    status = receive(readFileSync(secretFile, 'utf8').trim(), body, request.headers);
  } catch (error) {
    console.error(error.message);
  }
  response.writeHead(status).end();
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
