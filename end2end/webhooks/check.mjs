// Renova's webhooks, received by the libraries of Standard Webhooks in JavaScript and Python:
// check.mjs RENOVA PYTHON FOLDER PORT SIM_PORT PORTS…
//
// A demo runs in FOLDER. Between it and the receivers stands a post office, which keeps what went
// through, and can answer for a receiver. Prints one line per check and `N passed, N failed`.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const [renova, python, folder, port, simPort, officePort, jsPort, pyPort] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const sim = `http://127.0.0.1:${simPort}`;
const office = `http://127.0.0.1:${officePort}`;
const children = [];
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

async function start(ready, program, ...args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = [];
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith(ready)) resolve();
      lines.push(line);
    });
  });
  lines.length = 0;
  return { child, lines };
}

/** What `renova webhook …` prints, line by line. */
async function webhook(...words) {
  const environment = {
    PATH: process.env.PATH,
    RENOVA_DATABASE_URL: `sqlite://${folder}/data/renova.db`,
    RENOVA_ENCRYPTION_KEYS_FILE: `${folder}/data/key`,
  };
  const { stdout } = await promisify(execFile)(renova, ['webhook', ...words], { env: environment });
  return stdout.split('\n').filter((line) => line !== '');
}

class Receiver {
  constructor(name, receiverPort) {
    this.name = name;
    this.url = `http://127.0.0.1:${receiverPort}/`;
    this.secretFile = join(folder, `${name}.secret`);
    this.posts = [];
    /** Answers instead of the receiver's own, once each. */
    this.answers = [];
  }

  learn(secret) {
    writeFileSync(this.secretFile, secret, { mode: 0o600 });
  }

  /** What it has acted upon. */
  events() {
    return this.lines.map((line) => JSON.parse(line));
  }

  /** How many trials it has acted upon, and how many came. */
  trials() {
    return [this.events(), this.posts.map((post) => JSON.parse(post.body))].map((all) => all.filter(isTrial).length);
  }

  async take(post) {
    const answer = await fetch(this.url, { method: 'POST', headers: post.headers, body: post.body });
    return answer.status;
  }

  /** A post that nobody else got. */
  get trial() {
    return this.posts.find((post) => isTrial(JSON.parse(post.body)));
  }

  /** The posts of one event, once there are so many. */
  async came(id, count = 1) {
    const found = () => this.posts.filter((post) => post.headers['webhook-id'] === id);
    await until(() => found().length >= count, `${this.name} gets ${id} ${count} times`);
    return found();
  }
}

async function until(holds, what) {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const receivers = [new Receiver('js', jsPort), new Receiver('py', pyPort)];

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const receiver = receivers.find((it) => request.url === `/${it.name}`);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => name.startsWith('webhook-') || name === 'content-type'),
  );
  const post = { headers, body: Buffer.concat(chunks).toString() };
  post.status = await receiver.take(post);
  receiver.posts.push(post);
  // Other events may come at any time: the next answer is meant for a trial.
  const planned = isTrial(JSON.parse(post.body)) ? receiver.answers.shift() : undefined;
  response.writeHead(planned ?? post.status).end();
});

function isTrial({ type }) {
  return type === 'webhook.test';
}

async function each(work) {
  for (const receiver of receivers) await work(receiver);
}

const checks = {
  async 'a trial event is accepted'() {
    await each(async (it) => {
      const [id] = await webhook('test', it.id);
      const [post] = await it.came(id);
      assert.equal(post.status, 204);
      assert.equal(post.headers['content-type'], 'application/json');
      await until(() => it.trials()[0] > 0, 'it is acted upon');
    });
    for (const it of receivers) assert.deepEqual(it.trials(), [1, 1], 'one event, one effect, to one endpoint alone');
  },

  async 'what happens is told to all with the organization of the platform'() {
    const gone = await fetch(`${sim}/_sim/deauthorize`, { method: 'POST', body: '{"person":"Clara Lima"}' });
    assert.ok(gone.ok);
    const wanted = 'connection.revoked';
    const heard = (it) => it.events().some((event) => event.type === wanted && event.organization === 'boreal');
    await until(() => receivers.every(heard), 'all hear of it');
    const told = (it) => it.posts.find((post) => JSON.parse(post.body).type === wanted);
    const [one, other] = receivers.map(told);
    assert.equal(one.headers['webhook-id'], other.headers['webhook-id'], 'one event, one id');
    const { timestamp, data } = JSON.parse(one.body);
    assert.ok(!Number.isNaN(Date.parse(timestamp)) && timestamp.endsWith('Z'));
    assert.equal(data.organization.external_id, 'boreal');
    assert.match(data.sentences['pt-BR'], /^A autorização de Clara Lima foi retirada em \d\d\/\d\d\.$/);
    assert.deepEqual(Object.keys(data.sentences).sort(), ['en', 'es', 'pt-BR']);
    assert.ok(data.link.includes(data.connection), 'where it is renewed');
  },

  async 'a changed body is refused'() {
    await each(async (it) => {
      const post = it.trial;
      assert.equal(await it.take(post), 204, 'as it came');
      for (const at of [0, 10, post.body.length - 1]) {
        const flipped = String.fromCharCode(post.body.charCodeAt(at) ^ 1);
        const body = post.body.slice(0, at) + flipped + post.body.slice(at + 1);
        assert.equal(await it.take({ ...post, body }), 400, `flipped at ${at}`);
      }
      assert.equal(await it.take({ ...post, body: `${post.body} ` }), 400, 'a space more');
    });
  },

  async 'another id, another time and another signature are refused'() {
    await each(async (it) => {
      const post = it.trial;
      const other = receivers.find((receiver) => receiver !== it).trial;
      const seconds = Number(post.headers['webhook-timestamp']);
      for (const headers of [
        { 'webhook-id': other.headers['webhook-id'] },
        { 'webhook-timestamp': String(seconds + 1) },
        { 'webhook-timestamp': String(seconds - 600) },
        { 'webhook-signature': other.headers['webhook-signature'] },
        { 'webhook-signature': '' },
      ]) {
        assert.equal(await it.take({ ...post, headers: { ...post.headers, ...headers } }), 400, JSON.stringify(headers));
      }
    });
  },

  async 'while a secret is rotated, the old one and the new one verify'() {
    await each(async (it) => {
      const [secret] = await webhook('rotate', it.id);
      const [before] = await webhook('test', it.id);
      const [post] = await it.came(before);
      assert.equal(post.headers['webhook-signature'].split(' ').length, 2);
      assert.equal(post.status, 204, 'with the old secret');
      it.learn(secret);
      const [after] = await webhook('test', it.id);
      assert.equal((await it.came(after))[0].status, 204, 'with the new secret');
      const broken = post.body.replace('webhook.test', 'webhook.tesT');
      assert.equal(await it.take({ ...post, body: broken }), 400, 'and no other body');
    });
  },

  async 'what was not taken comes again under the same id and has one effect'() {
    await each(async (it) => {
      it.answers.push(503);
      const [acted] = it.trials();
      const [id] = await webhook('test', it.id);
      const [first, second] = await it.came(id, 2);
      assert.deepEqual([first.status, second.status, first.body], [204, 204, second.body]);
      assert.notEqual(first.headers['webhook-signature'], second.headers['webhook-signature'], 'a time of its own');
      assert.equal(it.trials()[0], acted + 1);
      await waits(it, (line) => line.startsWith(id) && line.includes('attempts: 2  delivered'));
    });
  },

  async 'one that was told is told again when asked for'() {
    const [it] = receivers;
    const id = it.trial.headers['webhook-id'];
    await webhook('resend', it.id, id);
    assert.equal((await it.came(id, 2))[1].status, 204);
  },

  async 'who answers 410 is told nothing any more'() {
    const [it] = receivers;
    it.answers.push(410);
    await webhook('test', it.id);
    await until(() => it.answers.length === 0, '410 was answered');
    const end = Date.now() + 10_000;
    let listed = '';
    while (!listed.includes('disabled (gone)')) {
      assert.ok(Date.now() < end, listed);
      listed = (await webhook('list')).find((line) => line.startsWith(it.id));
    }
    await assert.rejects(webhook('test', it.id), /enable it first/);
  },
};

async function waits(it, wanted) {
  const end = Date.now() + 10_000;
  while (!(await webhook('deliveries', it.id)).some(wanted)) {
    assert.ok(Date.now() < end, (await webhook('deliveries', it.id)).join('\n'));
  }
}

server.listen(Number(officePort), '127.0.0.1');
await once(server, 'listening');
const [js, py] = receivers;
await start('Ctrl-C', renova, 'demo', '--port', port, '--sim-port', simPort, '--data-dir', join(folder, 'data'));
await each(async (it) => {
  const [id, secret] = await webhook('add', '--url', `${office}/${it.name}`, '--description', it.name);
  it.id = id;
  it.learn(secret);
});
js.lines = (await start('ready', process.execPath, join(here, 'receiver.mjs'), jsPort, js.secretFile)).lines;
py.lines = (await start('ready', python, '-B', join(here, 'receiver.py'), pyPort, py.secretFile)).lines;

let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.stack}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(passed > 0 && failed === 0 ? 0 : 1);
