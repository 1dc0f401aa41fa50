// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { Shortcuts } from './shortcuts.ts';

const help = { group: 'view', what: 'period' } as const;
let log: string[] = [];
let allowed = true;
let keys: Shortcuts;

beforeEach(() => {
  log = [];
  allowed = true;
  keys = new Shortcuts(() => allowed);
  keys.add([
    { keys: ['p', '['], help, run: (_event, key) => log.push(key) },
    { keys: ['g o'], help, run: () => log.push('home') },
    { keys: ['o'], help, run: () => log.push('o') },
    { keys: ['3'], help, run: () => log.push('third') },
    { keys: ['Escape'], help, always: true, run: () => log.push('escape') },
  ]);
});

function press(key: string, more: KeyboardEventInit & { on?: HTMLElement; altGraph?: boolean } = {}): void {
  const { on = document.body, altGraph, ...init } = more;
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...init, modifierAltGraph: altGraph ?? false });
  Object.defineProperty(event, 'target', { value: on });
  keys.handle(event);
}

describe('shortcuts', () => {
  it('run on their key', () => {
    press('p');
    press('x');
    expect(log).toEqual(['p']);
  });

  it('leave all keys to what floats above the page', () => {
    let open = true;
    const under = new Shortcuts(
      () => true,
      () => open,
    );
    under.add([{ keys: ['Escape'], help, always: true, run: () => log.push('escape') }]);
    const escape = () => under.handle(new KeyboardEvent('keydown', { key: 'Escape' }));
    escape();
    expect(log).toEqual([]);
    open = false;
    escape();
    expect(log).toEqual(['escape']);
  });

  it('come in sequences, which win over the single key', () => {
    press('g');
    press('o');
    press('o');
    expect(log).toEqual(['home', 'o']);
  });

  it('leave the keys of the browser alone, but not characters reached with AltGr', () => {
    press('p', { ctrlKey: true });
    press('p', { metaKey: true });
    press('[', { ctrlKey: true, altKey: true, altGraph: true });
    expect(log).toEqual(['[']);
  });

  it('know the digits of a French keyboard', () => {
    press('"', { code: 'Digit3' });
    expect(log).toEqual(['third']);
  });

  it('are off in text fields, except Escape', () => {
    const field = document.createElement('input');
    press('p', { on: field });
    press('Escape', { on: field });
    expect(log).toEqual(['escape']);
  });

  it('can be switched off and taken back', () => {
    allowed = false;
    press('p');
    press('Escape');
    allowed = true;
    const remove = keys.add([{ keys: ['p'], help, run: () => log.push('newer') }]);
    press('p');
    remove();
    press('p');
    expect(log).toEqual(['escape', 'newer', 'p']);
  });
});
