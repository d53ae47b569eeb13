// What Lighthouse says of the log-in, the overview and the wizard of a running demo, on a simulated phone and on a
// desktop: medians of RENOVA_LIGHTHOUSE_RUNS (3) runs, a line each: page, device, performance, accessibility, best
// practices, milliseconds to the largest paint.
import lighthouse, { desktopConfig } from 'lighthouse';
import { median, open } from './browser.mjs';

const RUNS = Number(process.env.RENOVA_LIGHTHOUSE_RUNS || 3);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const site = process.argv[2] ?? 'http://127.0.0.1:3000';
const port = Number(process.env.RENOVA_LIGHTHOUSE_PORT || 9222);

/** A call of the page without script; answers the response. */
async function post(name, fields, cookie = '') {
  const answer = await fetch(`${site}/api/ui/${name}`, {
    method: 'POST',
    headers: { origin: site, cookie, accept: 'application/json' },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function signIn() {
  const answer = await post('login', { email: 'clara@boreal.example', password: 'renova-demo' });
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

/** An open renewal of the one connection. */
async function renewal(cookie) {
  const html = await (await fetch(site, { headers: { cookie } })).text();
  const connection = /\/connections\/([0-9a-f-]{36})/.exec(html)?.[1];
  if (!connection) throw new Error('the overview shows no connection');
  return (await post('start_renewal', { connection_id: connection }, cookie)).json();
}

async function once(path, device, cookie) {
  const flags = {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: CATEGORIES,
    ...(cookie && { extraHeaders: { cookie } }),
  };
  const { lhr } = await lighthouse(`${site}${path}`, flags, device === 'desktop' ? desktopConfig : undefined);
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  return [...CATEGORIES.map((name) => lhr.categories[name].score * 100), lhr.audits['largest-contentful-paint'].numericValue];
}

const cookie = await signIn();
const pages = [
  ['log-in', '/login', ''],
  ['overview', '/', cookie],
  ['wizard', `/integrations/meta/renewals/${await renewal(cookie)}`, cookie],
];
const browser = await open(`--remote-debugging-port=${port}`);
try {
  for (const [name, path, session] of pages) {
    for (const device of ['mobile', 'desktop']) {
      const runs = [];
      for (let run = 0; run < RUNS; run += 1) runs.push(await once(path, device, session));
      const figures = runs[0].map((_, index) => median(runs.map((figures) => figures[index])));
      console.log([name, device, ...figures].join(' '));
    }
  }
} finally {
  await browser.close();
}
