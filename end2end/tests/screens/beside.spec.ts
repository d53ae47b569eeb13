// What belongs to no screen of the application: small pages, and the simulator's.

import { screen } from '../../support/cells.js';

screen('/meta/data-deletion', [
  {
    name: 'what became of it',
    shows: 'dados',
    still: true,
    at: async ({ desk, sim }) => [await desk(), (await sim.askForDeletion({ person: 'Elisa Prado' })).url],
  },
]);

screen('/_sim/', [
  {
    name: 'start page',
    shows: 'Loja Aurora',
    still: true,
    at: async ({ desk, sim }) => {
      await sim.event('Loja Aurora', 'message');
      await sim.fail({ on: 'graph:/me/accounts', fault: 'http_503' });
      return [await desk(), sim.startPage];
    },
  },
]);
