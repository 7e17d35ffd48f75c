import type { SideModule } from '../side_exports.js';
import type { Job } from './job.js';
import type { Pool } from './pool.js';
import type { Rooms } from './rooms.js';
import type { Worth } from './worth.js';

/** What functions are shared with. */
export interface Sharing {
  readonly side: SideModule;
  readonly pool: Pool;
  readonly rooms: Rooms;
  readonly isWorth: Worth;
  /** Into how many parts a job is best cut: where threads are not equally fast, the faster one takes more. */
  readonly parts: number;
  /** Does a function of this name as a job. */
  run(name: keyof SideModule, job: Omit<Job, 'code'>): void;
}
