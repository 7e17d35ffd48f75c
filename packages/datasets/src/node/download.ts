import { DataError } from '@elbo/core';
import { reasonOf } from '@elbo/files';

/** How far a download may go. */
export interface DownloadLimits {
  /** The most bytes to accept. */
  readonly limit?: number;
  /** Milliseconds without a byte after which it is given up. */
  readonly stall?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * The bytes at an address.
 *
 * @throws DataError when the server refuses, stalls, cuts the file short or sends too much; what `signal` was aborted
 * with, when it was.
 */
export async function download(url: string, limits: DownloadLimits = {}): Promise<Uint8Array> {
  const { limit = 2 ** 27, stall = 30_000, signal, onProgress } = limits;
  const stalled = new AbortController();
  const expire = (): void => {
    stalled.abort(new Error(`nothing came for ${stall / 1000} s`));
  };
  let timer = setTimeout(expire, stall);
  try {
    const stop = signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal;
    const response = await fetch(url, { signal: stop });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    // The length of compressed transfers is not that of the file; these servers send .gz files as they are.
    const encoded = response.headers.has('content-encoding');
    const announced = encoded ? 0 : Number(response.headers.get('content-length') ?? 0);
    const total = announced > 0 ? announced : undefined;
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(expire, stall);
      chunks.push(chunk);
      received += chunk.length;
      if (received > limit) throw new Error(`it is larger than ${limit} bytes`);
      onProgress?.(received, total);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } catch (error) {
    signal?.throwIfAborted();
    const reason = stalled.signal.aborted ? reasonOf(stalled.signal.reason) : reasonOf(error);
    throw new DataError(`${url}: the download failed (${reason}).`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
