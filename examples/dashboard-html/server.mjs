// Somebody else's dashboard in plain HTML, with Renova's elements in it: its own pages, its own
// log-in, and the one address that its pages ask for a session. No dependency.
//
//   PORT            3200; the dashboard is at http://host.localhost:PORT
//   RENOVA_URL      http://127.0.0.1:3000
//   RENOVA_API_KEY  of `renova apikey add --scope embed-sessions:write`
//   HOST_COOP       a Cross-Origin-Opener-Policy for its pages; none

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 3200);
const renova = process.env.RENOVA_URL ?? 'http://127.0.0.1:3000';
const apiKey = process.env.RENOVA_API_KEY ?? '';
const origin = `http://host.localhost:${port}`;

/** The dashboard's own people, with their organization as Renova knows it. */
const PEOPLE = {
  ana: { organization: 'aurora', name: 'Ana Souza', email: 'ana@aurora.example', role: 'admin' },
  bruno: { organization: 'aurora', name: 'Bruno Dias', email: 'bruno@aurora.example', role: 'agent' },
  clara: { organization: 'boreal', name: 'Clara Lima', email: 'clara@boreal.example', role: 'admin' },
};

/** Who is signed in, by a random cookie. */
const sessions = new Map();

const PAGES = { '/': 'home.html', '/channels': 'channels.html', '/enter': 'enter.html' };

/** What the host's own policy has to allow: Renova's module, and its frames. */
const POLICY = [
  "default-src 'self'",
  `script-src 'self' ${renova}`,
  `frame-src ${renova}`,
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ');

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    send(response, 500, 'text/plain', 'Something went wrong.');
  });
}).listen(port, '127.0.0.1', () => console.log(`The dashboard is ready: ${origin}`));

async function answer(request, response) {
  const { pathname } = new URL(request.url, origin);
  const person = sessions.get(/(?:^|; )dashboard=(\w+)/.exec(request.headers.cookie ?? '')?.[1]);
  if (request.method === 'POST' && pathname === '/enter') return enter(request, response);
  if (request.method === 'POST' && pathname === '/renova-session') {
    return person ? renovaSession(person, response) : send(response, 401, 'application/json', '{}');
  }
  const page = PAGES[pathname];
  if (page && !person && pathname !== '/enter') return redirect(response, '/enter');
  if (page) return send(response, 200, 'text/html; charset=utf-8', await file(page));
  if (pathname === '/dashboard.js') return send(response, 200, 'text/javascript', await file('dashboard.js'));
  if (pathname === '/dashboard.css') return send(response, 200, 'text/css', await file('dashboard.css'));
  send(response, 404, 'text/plain', 'There is no such page.');
}

// snippet: back end
/** Vouches for the person who is signed in here: what Renova answers goes to this person's browser. */
async function renovaSession(person, response) {
  const { organization, name, email, role } = PEOPLE[person];
  const answer = await fetch(`${renova}/api/v1/embed-sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      organization,
      user: { external_id: person, name, email, locale: 'pt-BR', role },
      origin,
      return_url: `${origin}/channels`,
    }),
  });
  if (!answer.ok) throw new Error(`Renova answers ${answer.status}: ${await answer.text()}`);
  const { token, embed_id } = await answer.json();
  send(response, 200, 'application/json', JSON.stringify({ token, embed_id }));
}
// snippet end

async function enter(request, response) {
  let body = '';
  for await (const part of request) body += part;
  const person = new URLSearchParams(body).get('person') ?? '';
  if (!Object.hasOwn(PEOPLE, person)) return redirect(response, '/enter');
  const session = randomBytes(16).toString('hex');
  sessions.set(session, person);
  response.setHeader('set-cookie', `dashboard=${session}; Path=/; HttpOnly; SameSite=Lax`);
  redirect(response, '/');
}

function send(response, status, type, body) {
  const coop = process.env.HOST_COOP;
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    ...(coop && { 'cross-origin-opener-policy': coop }),
  });
  response.end(body);
}

function redirect(response, to) {
  response.writeHead(303, { location: to });
  response.end();
}

/** The address of Renova is the only thing in the pages that differs from one installation to the next. */
async function file(name) {
  const text = await readFile(new URL(`pages/${name}`, import.meta.url), 'utf8');
  return text.replaceAll('https://renova.example', renova);
}
