// A walk over the wizard's forms in any order, right and wrong, by two administrators at once. RENOVA_WALK_CALLS moves.

import type { Api, Form } from '../support/api.js';
import { twoAdministrators } from '../support/newcomers.js';
import type { Sim } from '../support/sim.js';
import { type Desk, expect, test } from '../support/test.js';
import { Dice, seed } from '../support/walk.js';

const CALLS = Number(process.env.RENOVA_WALK_CALLS || 300);
const INVENTED = '01938f00-0000-7000-8000-000000000000';
/** Holders of the organization's connections, and one who has none. */
const PEOPLE = ['Ana Souza', 'Elisa Prado', 'Fábio Reis', 'Davi Rocha'];

const MOVES = {
  start: 8, logIn: 12, grant: 5, decline: 3, wait: 3, exchange: 14, hand_over: 3, choose: 14, prove: 16, finish: 12,
  cancel: 1, trouble: 3, wrong: 6, later: 1,
};

/** Moves by which a renewal may begin. */
const BEGINNINGS: (keyof typeof MOVES)[] = ['start', 'wrong'];

const OVER = ['finished', 'abandoned', 'superseded', 'expired'];
/** Something to press, in every state. */
const WAY_ON = /<(button|a)\b[^>]*>/;

interface Way {
  api: Api;
  sim: Sim;
  dice: Dice;
  id: string;
  /** Whose the connection is at Meta. */
  person: string;
}

/** One over Facebook: Instagram's dialog is another. */
async function anyConnection(api: Api, dice: Dice): Promise<string> {
  return dice.one((await api.connections()).filter(({ name }) => !name.startsWith('@'))).id;
}

async function move(what: keyof typeof MOVES, { api, sim, dice, id, person }: Way): Promise<number[]> {
  const send = async (name: string, form: Form) =>
    // As a page without script sends it, or as one with it.
    (await api.send(name, form, dice.chance(0.3) ? { accept: 'text/html' } : {})).status();
  const somebody = dice.chance(0.7) ? person : dice.one(PEOPLE);
  switch (what) {
    case 'start': {
      const connection = dice.chance(0.1) ? {} : { connection_id: await anyConnection(api, dice) };
      return [await send('start_renewal', { ...connection, ...(dice.chance(0.4) && { take_over: 'true' }) })];
    }
    case 'logIn':
      return [await api.tripToMeta(id, sim, somebody, { sim_do: 'reconnect' })];
    case 'grant': {
      const pages = ['Loja Aurora', 'Aurora Outlet', 'Aurora Atacado', 'Aurora Casa'].filter(() => dice.chance(0.7));
      const without = dice.chance(0.3) ? ['pages_messaging'] : [];
      return [await api.tripToMeta(id, sim, somebody, await api.granting(sim, pages, without))];
    }
    case 'decline':
      return [await api.tripToMeta(id, sim, somebody, { sim_do: 'cancel' })];
    case 'wait':
      return [await api.tripToMeta(id, sim)];
    case 'choose': {
      const { accounts } = await api.renewal(id);
      const some = accounts.map(({ value }) => value).filter(() => dice.chance(0.8));
      if (dice.chance(0.1)) some.push(dice.one(['messenger:1', 'nothing', '']));
      return [await send('choose', { renewal_id: id, 'accounts[]': some, loss_confirmed: String(dice.chance(0.6)) })];
    }
    case 'trouble': {
      const on = dice.one(['graph:/me/accounts', 'graph:/debug_token', 'graph:/me/permissions', 'graph:/{id}/subscribed_apps']);
      await sim.fail({ on, fault: dice.one(['http_500', 'html', 'reset', 'empty']), times: 2 });
      return [await send(dice.one(['prove', 'exchange']), { renewal_id: id })];
    }
    case 'wrong': {
      const name = dice.one(['exchange', 'choose', 'finish', 'cancel', 'hand_over', 'renewal', 'start_renewal', 'nothing']);
      const form: Form = dice.chance(0.3) ? {} : { renewal_id: dice.one([INVENTED, 'not-an-id', '']), connection_id: '' };
      return [await send(name, form)];
    }
    case 'later':
      await sim.advance('11m');
      return [];
    default: {
      const once = () => send(what, { renewal_id: id, again: String(dice.chance(0.5)) });
      // Now and then twice at the same time.
      return dice.chance(0.2) ? Promise.all([once(), once()]) : [await once()];
    }
  }
}

test(`${CALLS} calls in any order: no fault of the server, and the page shows the server's step`, async ({ desk, another }) => {
  test.setTimeout(60_000 + CALLS * 1_000);
  console.log(`RENOVA_WALK_SEED=${seed}`);
  const dice = new Dice(seed);
  const { ana, gil, sim } = await twoAdministrators({ desk, another });
  const states = new Map<string, number>();
  const desks = [ana, gil];
  const begun: { id: string; owner: Desk; person: string }[] = [];
  /** What is open, the newest last, with whose it is. */
  const look = async () => {
    for (const { name, open_renewal: open } of await ana.api.connections()) {
      if (!open || begun.some(({ id }) => id === open.id)) continue;
      begun.push({ id: open.id, owner: open.other_owner ? gil : ana, person: name });
    }
  };
  await ana.api.start((await ana.api.connection('Ana Souza')).id);
  await look();
  for (let count = 1; count <= CALLS; count += 1) {
    // Mostly the owner of what is under way; at times another, or one of before.
    const { id, owner, person } = dice.chance(0.9) ? begun.at(-1)! : dice.one(begun);
    const { api } = dice.chance(0.85) ? owner : dice.one(desks);
    const what = dice.weighted(MOVES);
    const told = `move ${count}, ${what}, RENOVA_WALK_SEED=${seed}`;
    for (const status of await move(what, { api, sim, dice, id, person })) expect(status, told).toBeLessThan(500);
    if (what === 'trouble') await sim.repair();
    if (BEGINNINGS.includes(what)) await look();

    const reader = dice.one(desks);
    for (const shown of new Set([id, begun.at(-1)!.id])) {
      // A round of the server's own work may come between the two.
      await expect(async () => {
        const answer = await reader.page.request.get(`/integrations/meta/renewals/${shown}`);
        expect(answer.status(), told).toBe(200);
        const html = await answer.text();
        const { state } = await reader.api.renewal(shown);
        expect(/data-state="(\w+)"/.exec(html)?.[1], told).toBe(state);
        const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'));
        expect(main, `${told}: a way on`).toMatch(WAY_ON);
        states.set(state, (states.get(state) ?? 0) + 1);
      }).toPass({ timeout: 30_000 });
    }
    // What is over makes room for the next.
    if (dice.chance(0.5) && OVER.includes((await api.renewal(begun.at(-1)!.id)).state)) {
      await api.send('start_renewal', { connection_id: await anyConnection(api, dice) });
      await look();
    }
  }
  console.log(`states seen: ${[...states].map(([state, times]) => `${state} ${times}`).join(', ')}`);
});
