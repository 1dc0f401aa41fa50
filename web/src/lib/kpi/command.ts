/** The command line that prints the same answer as the screen: every field of the question, quoted for the shell. */
import type { Question } from '../api/types.ts';

export function commandOf(question: Question): string {
  const { kpi, variant, from, to, grain, by, where, compare, as_of, top } = question;
  const options: [string, string | null][] = [
    ['from', from],
    ['to', to],
    ['grain', grain],
    ['by', by?.join(',') ?? null],
    ['where', where ?? null],
    ['compare', compare?.join(',') ?? null],
    ['as-of', as_of ?? null],
    ['top', top === undefined ? null : String(top)],
  ];
  const said = options.flatMap(([name, value]) => (value === null ? [] : [`--${name} ${quoted(value)}`]));
  return [`vigie kpi ${quoted(variant && variant !== 'default' ? `${kpi}:${variant}` : kpi)}`, '-w .', ...said].join(
    ' ',
  );
}

/** As a POSIX shell takes it for one word; what needs no quotes has none. */
function quoted(word: string): string {
  return /^[\w:,.@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
