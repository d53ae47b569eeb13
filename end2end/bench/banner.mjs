// Prints the milliseconds, median of several runs, from the click on Entrar to the visible
// banner, each in a browser that has never seen the site.
import { median, open } from './browser.mjs';

const RUNS = 7;
const site = process.argv[2] ?? 'http://127.0.0.1:3000';

async function once() {
  const browser = await open();
  try {
    const page = await browser.newPage({ locale: 'pt-BR' });
    await page.goto(`${site}/login`);
    await page.getByLabel('E-mail').fill('clara@boreal.example');
    await page.getByLabel('Senha').fill('renova-demo');
    const begin = performance.now();
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByRole('region', { name: 'Renovação necessária' }).waitFor();
    return performance.now() - begin;
  } finally {
    await browser.close();
  }
}

const times = [];
for (let run = 0; run < RUNS; run += 1) {
  times.push(await once());
}
console.log(median(times));
