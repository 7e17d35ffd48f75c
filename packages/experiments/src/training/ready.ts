import type { SelectedBackend } from '@elbo/backends';
import type { Registry } from '@elbo/core';
import type { Sets } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import type { Workers } from '@elbo/parallel';
import type { RunDirectory } from '@elbo/runs';
import type { State } from '@elbo/training';
import type { ResolvedConfig } from '../config/run_config.js';

/** A run that is ready to train. */
export interface Ready {
  readonly run: RunDirectory;
  readonly config: ResolvedConfig;
  readonly sets: Sets;
  readonly model: Model;
  readonly registry: Registry;
  readonly workers: Workers;
  /** What to go on from; taken over. */
  readonly state: State;
  /** How it has ended already: then it lacks its report only. */
  readonly ending: 'steps' | 'early' | undefined;
  readonly title: string;
  readonly backend: SelectedBackend;
  /** How the run is made again, for its report. */
  readonly command: string;
}
