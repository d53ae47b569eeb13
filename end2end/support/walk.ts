// Random walks: a seed gives the same walk again.

import { randomInt } from 'node:crypto';

/** RENOVA_WALK_SEED: always the same course in `make test`, `new` draws one. Printed, so that a walk can be repeated. */
export const seed =
  process.env.RENOVA_WALK_SEED === 'new' ? randomInt(1, 1_000_000) : Number(process.env.RENOVA_WALK_SEED || 818_436);

export class Dice {
  /** Mulberry32: small, and the same everywhere. */
  constructor(private state: number) {}

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.next() * of.length)] as T;
  }

  /** One of the names, each as often as its weight says. */
  weighted<T extends string>(weights: Record<T, number>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return entries[0]![0];
  }
}
