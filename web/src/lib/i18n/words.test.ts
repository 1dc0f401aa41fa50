import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** Every text of a tree of words, functions called with visible arguments, by its path. */
function texts(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') return [[path, String((node as (...args: string[]) => string)('A', 'B', 'C', 'D'))]];
  return Object.entries(node as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

describe('both languages', () => {
  it('have the same keys, none empty', () => {
    expect(texts(fr).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
    for (const [path, text] of [...texts(fr), ...texts(en)]) expect(text, path).not.toBe('');
  });

  it('call no one out and never shout', () => {
    for (const [path, text] of [...texts(fr), ...texts(en)]) {
      expect(text, path).not.toMatch(/!|oops|oups/i);
      expect(text, path).not.toMatch(/'/);
    }
  });

  it('keep French marks together with their word', () => {
    for (const [path, text] of texts(fr)) {
      expect(text, path).not.toMatch(/ [:;?!»%]|« /);
      expect(text, path).not.toMatch(/\$\{/);
    }
  });
});
