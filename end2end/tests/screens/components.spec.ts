// Every component in each of its states, as the page for those who develop shows them.

import { screen } from '../../support/cells.js';

screen('/dev/components', [
  {
    name: 'every component',
    shows: 'RenewalWizard',
    // The same component in several states on one page: names and ids come more than once.
    except: ['landmark-unique', 'duplicate-id-aria', 'heading-order'],
    at: async ({ desk }) => [await desk('ana'), '/dev/components'],
  },
]);
