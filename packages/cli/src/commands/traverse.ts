import { traversal, type Known, type TraversalOptions } from '@elbo/experiments';
import type { Output } from '../output.js';
import { drawInto, type PictureFlags } from './pictures.js';

/** The options of `elbo traverse`. */
export type TraverseFlags = TraversalOptions & Pick<PictureFlags, 'dataDir' | 'out' | 'backend'>;

/** `elbo traverse RUN`: what each coordinate of z shows, as a PNG. Gives the exit status. */
export function traverseCommand(
  dir: string,
  flags: TraverseFlags,
  output: Output,
  known: Known,
): Promise<number> {
  return drawInto(dir, flags, output, known, 'traversal.png', async (opened) => {
    const { png, coordinates, values } = await traversal(opened, flags);
    const about =
      flags.row === undefined ? 'the others at 0' : `the others at the code of row ${flags.row}`;
    return {
      png,
      says: [
        `Columns: one coordinate of z from ${values[0]!} to ${values.at(-1)!}, ${about}.`,
        ...coordinates.map(
          ({ coordinate, variance }, i) =>
            `row ${i + 1}: z[${coordinate}]${variance === undefined ? '' : `, whose posterior means have variance ${variance.toFixed(3)} over samples`}`,
        ),
      ],
      result: { row: flags.row ?? null, values, coordinates },
    };
  });
}
