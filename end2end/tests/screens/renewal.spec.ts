import { type Place, type State, screen } from '../../support/cells.js';
import { twoAdministrators } from '../../support/newcomers.js';
import { HEADINGS } from '../../support/screens.js';
import type { Sim } from '../../support/sim.js';
import { type Desk, expect } from '../../support/test.js';
import type { Page } from '@playwright/test';

const wizard = (desk: Desk, id: string): Place => [desk, `/integrations/meta/renewals/${id}`];

/** A renewal of Ana's own connection, brought there by `way`. */
const hers =
  (way: (api: Desk['api'], id: string, sim: Sim) => Promise<unknown>): State['at'] =>
  async ({ desk, sim }) => {
    const ana = await desk('ana');
    const id = await ana.api.start((await ana.api.connection('Ana Souza')).id);
    await way(ana.api, id, sim);
    return wizard(ana, id);
  };

/** What the page asks by itself stays unanswered: the work goes on while it is looked at. */
const unanswered = (name: string) => (page: Page) => page.route(`**/api/ui/${name}`, () => undefined);

/** Davi, who has a role on one of Ana's Pages, has logged in for her connection. */
const another = async (api: Desk['api'], id: string, sim: Sim) => {
  await sim.setPages([{ name: 'Loja Aurora', people: ['Ana Souza', 'Davi Rocha'] }]);
  await api.grantAtMeta(id, sim, 'Davi Rocha', ['Loja Aurora']);
  await api.step('exchange', id);
};

const exchanged = async (api: Desk['api'], id: string, sim: Sim) => {
  await api.logInAtMeta(id, sim, 'Ana Souza');
  await api.step('exchange', id);
};

const proved = async (api: Desk['api'], id: string, sim: Sim) => {
  await exchanged(api, id, sim);
  await api.proveAll(id);
};

screen('/integrations/meta/renewals/:id', [
  { name: 'started', shows: HEADINGS.start, at: hers(async () => undefined) },
  {
    name: 'started, over Instagram',
    shows: 'Entre com o Instagram',
    at: async ({ desk }) => {
      const ana = await desk('ana');
      return wizard(ana, await ana.api.start((await ana.api.connection('@aurora.kids')).id));
    },
  },
  {
    name: 'the window is blocked',
    shows: 'O navegador bloqueou a janela da Meta.',
    at: hers(async () => undefined),
    then: async (page) => {
      await page.evaluate(() => {
        window.open = () => null;
      });
      await page.getByRole('button', { name: 'Entrar com o Facebook' }).click();
    },
  },
  { name: 'waiting for the log-in', shows: HEADINGS.waiting, at: hers((api, id) => api.waitAtMeta(id)) },
  {
    name: 'reading the accounts',
    shows: 'Lendo as contas liberadas…',
    at: async (means) => {
      const place = await hers((api, id, sim) => api.logInAtMeta(id, sim, 'Ana Souza'))(means);
      await unanswered('exchange')(place[0].page);
      return place;
    },
  },
  {
    name: 'cancelled at Meta',
    shows: 'O login na Meta foi cancelado.',
    at: hers((api, id, sim) => api.cancelAtMeta(id, sim, 'Ana Souza')),
  },
  {
    name: 'the wrong person',
    shows: 'Você entrou como Elisa Prado, mas esta conexão é de Ana Souza.',
    at: hers(async (api, id, sim) => {
      await api.logInAtMeta(id, sim, 'Elisa Prado');
      await api.step('exchange', id);
    }),
  },
  { name: 'a person who may take over', shows: 'Passar a conexão para Davi Rocha', at: hers(another) },
  {
    name: 'Meta is down',
    shows: 'A Meta não respondeu como deveria.',
    at: hers(async (api, id, sim) => {
      await api.logInAtMeta(id, sim, 'Ana Souza');
      await sim.fail({ on: 'graph:/me/accounts', fault: 'http_503', times: 99 });
      await api.send('exchange', { renewal_id: id });
      await sim.repair();
    }),
  },
  {
    name: 'no accounts',
    shows: 'não administra a Página',
    at: async ({ desk, sim }) => {
      const clara = await desk('clara');
      const id = await clara.api.start();
      await clara.api.grantAtMeta(id, sim, 'Davi Rocha', []);
      await clara.api.step('exchange', id);
      return wizard(clara, id);
    },
  },
  { name: 'accounts', shows: HEADINGS.accounts, at: hers(exchanged) },
  {
    name: 'accounts: new, lost, and one that cannot be used',
    shows: 'Não liberada',
    at: hers(async (api, id, sim) => {
      await sim.setPages([
        { name: 'Aurora Norte', people: ['Ana Souza'] },
        { name: 'Aurora Sul', people: ['Ana Souza'], token_withheld: true },
      ]);
      await api.grantAtMeta(id, sim, 'Ana Souza', ['Loja Aurora', 'Aurora Norte', 'Aurora Sul']);
      await api.step('exchange', id);
    }),
  },
  {
    name: 'accounts: one that is left out',
    shows: 'Entendo que as contas desmarcadas',
    at: hers(exchanged),
    then: (page) => page.getByRole('checkbox', { name: /Aurora Outlet/ }).uncheck(),
  },
  {
    name: 'accounts that stay as they are',
    shows: 'Fica como está',
    at: hers(async (api, id, sim) => {
      await another(api, id, sim);
      await api.step('hand_over', id);
    }),
  },
  {
    name: 'the proof is under way',
    shows: 'Conferindo com a Meta',
    at: async (means) => {
      const place = await hers(async (api, id, sim) => {
        await exchanged(api, id, sim);
        const { accounts } = await api.renewal(id);
        await api.choose(id, accounts.map(({ value }) => value));
      })(means);
      await unanswered('prove')(place[0].page);
      return place;
    },
  },
  { name: 'the proof', shows: HEADINGS.proof, at: hers(proved) },
  {
    name: 'the proof, with open points',
    shows: 'Ainda há pontos em aberto.',
    at: hers(async (api, id, sim) => {
      await exchanged(api, id, sim);
      await sim.fail({ on: 'graph:/me/permissions', fault: 'http_500', times: 99 });
      await api.proveAll(id);
      await sim.repair();
    }),
  },
  {
    name: 'a permission that was declined',
    shows: 'Sem o item marcado como obrigatório, as mensagens não chegariam.',
    at: hers(async (api, id, sim) => {
      await api.grantAtMeta(id, sim, 'Ana Souza', ['Loja Aurora', 'Aurora Outlet'], ['pages_messaging']);
      await api.step('exchange', id);
      await api.proveAll(id);
    }),
  },
  {
    name: 'our own server is out of reach',
    shows: 'Sem conexão com o servidor.',
    at: async (means) => {
      const place = await hers(proved)(means);
      // Answered as if by nobody: the page's own loading goes on.
      await place[0].page.route('**/api/ui/finish', (route) => route.abort('aborted'));
      return place;
    },
    then: (page) => page.getByRole('button', { name: 'Finalizar' }).click(),
  },
  {
    name: 'done',
    shows: HEADINGS.done,
    at: hers(async (api, id, sim) => {
      await proved(api, id, sim);
      await api.step('finish', id);
    }),
  },
  {
    name: 'done, with messages that may be missing',
    shows: 'podem não ter chegado',
    at: async ({ desk, sim }) => {
      const ana = await desk('ana');
      return wizard(ana, (await ana.api.renewalAt('finished', sim, 'Elisa Prado')).id);
    },
  },
  { name: 'cancelled', shows: HEADINGS.cancelled, at: hers((api, id) => api.step('cancel', id)) },
  {
    name: 'too old',
    shows: HEADINGS.expired,
    at: hers(async (api, id, sim) => {
      await sim.advance('25h');
      await expect.poll(async () => (await api.renewal(id)).state).toBe('expired');
    }),
  },
  {
    name: 'another administrator’s',
    shows: 'Em andamento com outra pessoa',
    at: async (means) => {
      const { ana, gil, sim } = await twoAdministrators(means);
      return wizard(gil, (await ana.api.renewalAt('exchanged', sim, 'Ana Souza')).id);
    },
  },
  {
    name: 'taken over',
    shows: 'Outra pessoa assumiu',
    at: async (means) => {
      const { ana, gil, sim } = await twoAdministrators(means);
      const { id, connection } = await ana.api.renewalAt('exchanged', sim, 'Ana Souza');
      await gil.api.send('start_renewal', { connection_id: connection, take_over: 'true' });
      return wizard(ana, id);
    },
  },
]);
