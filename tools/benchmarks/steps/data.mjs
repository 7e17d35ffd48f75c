import { fromArrays, preloaded } from '@elbo/datasets';
import { images } from './images.mjs';

/** The images that the benchmark's models are trained on. */
export const data = fromArrays({ x: images(1024), shape: [28, 28, 1] });

/** What workers build them from. */
export const kinds = preloaded(data);
