/**
 * Where a run keeps named byte arrays: a folder, a database, memory. `write` is all or nothing: a kill at any moment
 * leaves the old value, or none, or the new one.
 */
export interface Store {
  list(): Promise<readonly string[]>;
  /** @throws FileError when there is none of this name, or it cannot be read. */
  read(name: string): Promise<Uint8Array>;
  /** @throws FileError when it cannot be written; what was there before stays. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}
