import { screen } from '../../support/cells.js';

screen('/review', [
  { name: 'everything', shows: 'Elisa Prado', at: async ({ desk }) => [await desk('ana'), '/review'] },
  { name: 'nothing found', shows: 'Nenhuma conexão encontrada', at: async ({ desk }) => [await desk('ana'), '/review?q=ninguém'] },
]);
