// People and organizations beside the demo's, each in a Renova of its own.

import type { Means } from './cells.js';
import { addAdministrator, command } from './command.js';
import type { Desk } from './test.js';
import { PASSWORD, PEOPLE } from './people.js';
import { Sim } from './sim.js';

const GIL = { email: 'gil@aurora.example', name: 'Gil Nunes', password: 'the-password-of-gil' };
const INES = { email: 'ines@serra.example', name: 'Inês Serra', password: 'the-password-of-ines' };

/** The administrator of an organization that has connected nothing yet. */
export async function newOrganization({ desk, another }: Pick<Means, 'desk' | 'another'>): Promise<Desk> {
  const renova = await another();
  const zone = ['--time-zone', 'America/Sao_Paulo', '--locale', 'pt-BR'];
  await command(renova, ['org', 'add', '--external-id', 'serra', '--name', 'Casa Serra', '--slug', 'serra', ...zone]);
  await addAdministrator(renova, 'serra', INES);
  const ines = await desk(undefined, { at: renova });
  await ines.api.send('login', { email: INES.email, password: INES.password });
  return ines;
}

/** Two administrators of one organization, and their own simulated Meta. */
export async function twoAdministrators({ desk, another }: Pick<Means, 'desk' | 'another'>) {
  const renova = await another();
  await addAdministrator(renova, 'aurora', GIL);
  const ana = await desk(undefined, { at: renova });
  await ana.api.send('login', { email: PEOPLE.ana.email, password: PASSWORD });
  const gil = await desk(undefined, { at: renova });
  await gil.api.send('login', { email: GIL.email, password: GIL.password });
  return { ana, gil, sim: new Sim(renova), renova };
}
