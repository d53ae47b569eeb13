import { screen } from '../../support/cells.js';

screen('/account', [
  { name: 'an administrator', shows: 'Ana Souza', at: async ({ desk }) => [await desk('ana'), '/account'] },
  { name: 'an agent', shows: 'Bruno Alves', at: async ({ desk }) => [await desk('bruno'), '/account'] },
]);
