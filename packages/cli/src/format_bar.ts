/** `━━━━━━━────── 300/1000 text`, on one line of the screen: the bar gives way first, then the end of the text. */
export function formatBar({
  done,
  total,
  text,
  columns,
}: {
  readonly done: number;
  readonly total: number;
  readonly text: string;
  readonly columns: number;
}): string {
  const count = String(total);
  const said = `${String(done).padStart(count.length)}/${count} ${text}`;
  // The last column stays free: a terminal may wrap when it is written.
  const room = columns - 1;
  const size = Math.max(0, Math.min(24, room - said.length - 1));
  const full = Math.round((size * done) / total);
  return `${'━'.repeat(full)}${'─'.repeat(size - full)} ${said}`.slice(0, room);
}
