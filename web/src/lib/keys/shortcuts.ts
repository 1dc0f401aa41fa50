/**
 * The registry of shortcuts: single keys and sequences of two (`g o`), off inside text fields and while a dialog is open.
 * A page registers what it offers; the help lists exactly that.
 */
export interface Shortcut {
  /** As KeyboardEvent.key says it: `p`, `[`, `?`, `D` for Shift + d, `ArrowLeft`, `Escape`; `g o` for a sequence. */
  keys: string[];
  run: (event: KeyboardEvent, key: string) => void;
  /** Where and as what the help lists it: `what` is a word of the help. */
  help: { group: HelpGroup; what: string };
  /** Also while typing and with single keys switched off: only for keys that are no letters. */
  always?: boolean;
}

export const kHelpGroups = ['view', 'cards', 'page'] as const;
export type HelpGroup = (typeof kHelpGroups)[number];

const kSequenceMs = 1000;

export class Shortcuts {
  private readonly list: Shortcut[] = [];
  private first: { key: string; at: number } | null = null;
  private readonly allowed: () => boolean;
  private readonly floating: () => boolean;

  /** `floating`: whether a menu or a picker is open. It then has all keys, and Escape closes it alone. */
  constructor(allowed: () => boolean, floating: () => boolean = () => false) {
    this.allowed = allowed;
    this.floating = floating;
  }

  /** Adds shortcuts; returns how to take them back. */
  add(shortcuts: Shortcut[]): () => void {
    this.list.push(...shortcuts);
    return () => {
      for (const shortcut of shortcuts) {
        const at = this.list.indexOf(shortcut);
        if (at >= 0) this.list.splice(at, 1);
      }
    };
  }

  /** All there are now, for the help. */
  listed(): readonly Shortcut[] {
    return [...this.list];
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || isCommand(event) || this.floating()) return;
    const typing = isTyping(event.target);
    const key = keyOf(event);
    const sequence = this.first && event.timeStamp - this.first.at < kSequenceMs ? `${this.first.key} ${key}` : '';
    const found = this.find(sequence) ?? this.find(key);
    this.first = this.opens(key) && !typing ? { key, at: event.timeStamp } : null;
    if (!found) return;
    if (!found.always && (typing || !this.allowed())) return;
    found.run(event, key);
  }

  private find(keys: string): Shortcut | undefined {
    return keys === '' ? undefined : this.list.findLast((shortcut) => shortcut.keys.includes(keys));
  }

  private opens(key: string): boolean {
    return this.list.some((shortcut) => shortcut.keys.some((keys) => keys.startsWith(`${key} `)));
  }
}

/** Ctrl, ⌘ and Alt belong to the browser; AltGr only reaches a character, such as [ on a French keyboard. */
function isCommand(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
}

/** The character; for the row of digits the digit itself, which a French keyboard gives only with Shift. */
function keyOf(event: KeyboardEvent): string {
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  return digit && !event.getModifierState('AltGraph') ? digit : event.key;
}

/** Text fields, selects and the chart's own cursor keep their keys. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('input, select, textarea, [contenteditable]') || target.closest('dialog:modal') !== null;
}
