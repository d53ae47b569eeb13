// The people of the demo data.

export const PASSWORD = 'renova-demo';

export const PEOPLE = {
  clara: { email: 'clara@boreal.example', name: 'Clara Lima' },
  ana: { email: 'ana@aurora.example', name: 'Ana Souza' },
  bruno: { email: 'bruno@aurora.example', name: 'Bruno Alves' },
} as const;

export type Who = keyof typeof PEOPLE;
