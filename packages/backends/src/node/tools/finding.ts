/** One thing that `examine` found out. */
export interface Finding {
  /** What it is about. */
  readonly about: string;
  /** `wrong`: something is there and broken; `notice`: worth knowing, or could be had. */
  readonly status: 'fine' | 'notice' | 'wrong';
  readonly says: string;
  /** What to do. */
  readonly remedy?: string;
}

export const fine = (about: string, says: string): Finding => ({ about, status: 'fine', says });

export const notice = (about: string, says: string, remedy?: string): Finding => ({
  about,
  status: 'notice',
  says,
  ...(remedy !== undefined && { remedy }),
});

export const wrong = (about: string, says: string, remedy: string): Finding => ({
  about,
  status: 'wrong',
  says,
  remedy,
});
