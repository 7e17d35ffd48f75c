import { expectTypeOf } from 'vitest';
import {
  backendNames,
  capabilities,
  describeBackends,
  heldTensors,
  selectBackend,
  type AvailableBackend,
  type Backend,
  type BackendDescription,
  type Capabilities,
  type Held,
  type SelectedBackend,
  type UnavailableBackend,
} from '../src/index.js';

expectTypeOf(selectBackend()).resolves.toEqualTypeOf<SelectedBackend>();
expectTypeOf(backendNames).toEqualTypeOf<readonly Backend[]>();
expectTypeOf(capabilities()).toEqualTypeOf<Capabilities>();
expectTypeOf(heldTensors()).toEqualTypeOf<Held>();
// Only the one that works can be asked how fast it is; the other says why not.
expectTypeOf(describeBackends()).resolves.toEqualTypeOf<readonly BackendDescription[]>();
expectTypeOf<BackendDescription>().toEqualTypeOf<AvailableBackend | UnavailableBackend>();

// Names are suggested, and one that comes from a command line will do.
declare const typed: string;
void selectBackend({ backend: 'wasm', threads: 4 });
void selectBackend({ backend: typed });
expectTypeOf<SelectedBackend['name']>().toEqualTypeOf<
  'node-gpu' | 'node' | 'webgpu' | 'webgl' | 'wasm' | 'cpu'
>();

// @ts-expect-error an option that it does not have
void selectBackend({ name: 'wasm' });
// @ts-expect-error a backend of one's own is not selected here
void selectBackend({ backend: { name: 'wasm' } });
// @ts-expect-error all backends compute on the CPU where no GPU is asked for
void selectBackend({ device: 'cpu' });
// @ts-expect-error a number of threads is a number
void selectBackend({ threads: 'all' });
declare const selected: SelectedBackend;
// @ts-expect-error what was selected is not changed in place
selected.threads = 2;
// @ts-expect-error only the backend wasm is accelerated
void selected.acceleration.kernels;
