import { basisOf, type BlockSide } from './basis.js';
import type { Component, Frame } from './frame.js';

/** The samples of a component, perhaps at a fraction of its size. */
export interface Plane {
  readonly across: BlockSide;
  readonly down: BlockSide;
  /** The samples that a row has, of which those beyond the component's own are padding. */
  readonly stride: number;
  readonly samples: Uint8Array;
  /** The samples that are the component's. */
  readonly width: number;
  readonly height: number;
}

/**
 * The samples of a block that a component has where a pixel of the image has `side` of eight: as many as it needs to have one
 * for each pixel, where it has fewer in the file.
 */
function sideFor(side: BlockSide, factor: number, most: number): BlockSide {
  const wanted = (side * most) / factor;
  return wanted >= 8 ? 8 : wanted >= 4 ? 4 : wanted >= 2 ? 2 : 1;
}

/** The blocks of a component that the units of a frame cover, across and down. */
export function blocksOf(frame: Frame, { h, v }: Component): readonly [number, number] {
  return [frame.unitsAcross * h, frame.unitsDown * v];
}

/** What a plane takes in memory. */
export function planeBytes(frame: Frame, component: Component, side: BlockSide): number {
  const [across, down] = blocksOf(frame, component);
  return (
    across * down * sideFor(side, component.h, frame.maxH) * sideFor(side, component.v, frame.maxV)
  );
}

/** A plane of a component, of which nothing is decoded. */
export function planeFor(frame: Frame, component: Component, side: BlockSide): Plane {
  const across = sideFor(side, component.h, frame.maxH);
  const down = sideFor(side, component.v, frame.maxV);
  return {
    across,
    down,
    stride: blocksOf(frame, component)[0] * across,
    samples: new Uint8Array(planeBytes(frame, component, side)),
    width: Math.ceil((component.width * across) / 8),
    height: Math.ceil((component.height * down) / 8),
  };
}

const lines = new Float64Array(64);

/**
 * Decodes a block into its place in a plane.
 *
 * @param block its 64 coefficients, quantisation undone, rows of equal vertical frequency.
 * @param rows how many of these rows have values that are not 0.
 */
export function putBlock(
  { across, down, stride, samples }: Plane,
  blockX: number,
  blockY: number,
  block: Int32Array,
  rows: number,
): void {
  const at = blockY * down * stride + blockX * across;
  if (rows === 0) {
    const grey = toByte(block[0]! / 8);
    for (let y = 0; y < down; y++) samples.fill(grey, at + y * stride, at + y * stride + across);
    return;
  }
  const [horizontal, vertical] = [basisOf(across), basisOf(down)];
  for (let v = 0; v < rows; v++) {
    const from = v * 8;
    for (let x = 0; x < across; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += horizontal[x * 8 + u]! * block[from + u]!;
      lines[v * 8 + x] = sum;
    }
  }
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      let sum = 0;
      for (let v = 0; v < rows; v++) sum += vertical[y * 8 + v]! * lines[v * 8 + x]!;
      samples[at + y * stride + x] = toByte(sum);
    }
}

/** A sample as it is stored, moved by half of its range. */
function toByte(value: number): number {
  const moved = Math.round(value + 128);
  return moved < 0 ? 0 : moved > 255 ? 255 : moved;
}
