import type { Config } from '@elbo/core';
import type { Batches } from '@elbo/datasets';
import type { Moment } from '@elbo/objectives';
import type { Players } from '@elbo/training';
import type { Layout } from './shared_tree.js';

/** What a worker is started with. */
export interface Assignment {
  /** Its number, from 0; and how many there are. */
  readonly worker: number;
  readonly workers: number;
  readonly model: Config;
  readonly data: Config;
  /** Addresses of modules that export `kinds`. */
  readonly plugins: readonly string[];
  readonly backend: string;
  readonly dataDir: string | undefined;
  /** Of both players' parameters, and of their gradients. */
  readonly layout: Layout;
  /** Written between moves by the thread that trains, read by all. */
  readonly params: SharedArrayBuffer;
  /** Written by this worker in a move, read after it. */
  readonly gradients: SharedArrayBuffer;
}

/** What the thread that trains says to a worker. */
export type Request =
  /** Read your part of this minibatch. Not answered. */
  | { readonly kind: 'open'; readonly draw: ReturnType<Batches['at']> }
  /** Differentiate by it, at parameters of which those at `changed` are new. */
  | {
      readonly kind: 'differentiate';
      readonly changed: readonly string[];
      readonly moment: Omit<Moment, 'training'>;
      readonly players: Players;
    };

/** What a worker answers. */
export type Reply =
  | { readonly kind: 'ready' }
  /** Its gradients are in shared memory; what it measured is here. */
  | { readonly kind: 'done'; readonly measured: Readonly<Record<string, number>> }
  | { readonly kind: 'failed'; readonly reason: string };
