// A thread that decodes the images it is asked for.
import { parentPort, workerData } from 'node:worker_threads';
import { decodeOne, largeBytes } from './decode_one.js';
import type { Outcome } from './decoded.js';
import type { ImageFile } from './image_file.js';
import type { ImageHome } from './read_file.js';
import type { ImageReading } from './read_image.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly home: ImageHome;
  readonly reading: ImageReading;
  /** Shared by all threads. */
  readonly memory: SharedArrayBuffer;
  /** Bytes of an image. */
  readonly length: number;
}

/** What a thread is asked: a file, and its number. */
export interface Asked {
  readonly file: ImageFile;
  readonly number: number;
}

/** What it answers; without an outcome for an image that is too large to be decoded beside others. */
export interface Answered {
  readonly number: number;
  readonly outcome: Outcome | undefined;
}

const { home, reading, memory, length } = workerData as ThreadData;
parentPort!.on('message', ({ file, number }: Asked) => {
  const into = new Uint8Array(memory, number * length, length);
  void decodeOne(home, file, reading, into, largeBytes).then((outcome) => {
    parentPort!.postMessage({ number, outcome } satisfies Answered);
  });
});
