import { screen } from '../../support/cells.js';
import type { Who } from '../../support/people.js';
import type { State } from '../../support/cells.js';

const of =
  (who: Who, name: string): State['at'] =>
  async ({ desk }) => {
    const reader = await desk(who);
    return [reader, `/connections/${(await reader.api.connection(name)).id}`];
  };

screen('/connections/:id', [
  { name: 'soon', shows: 'vence em 5 dias', at: of('ana', 'Ana Souza') },
  { name: 'stopped', shows: 'Elisa Prado', at: of('ana', 'Elisa Prado') },
  { name: 'healthy', shows: 'Fábio Reis', at: of('ana', 'Fábio Reis') },
  { name: 'over Instagram', shows: '@aurora.kids', at: of('ana', '@aurora.kids') },
  {
    name: 'with details',
    shows: 'Geração do token',
    at: of('ana', 'Ana Souza'),
    then: (page) =>
      page.evaluate(() => document.querySelectorAll('main details').forEach((details) => details.setAttribute('open', ''))),
  },
  { name: 'an agent', shows: '@loja.aurora', at: of('bruno', 'Ana Souza') },
]);
