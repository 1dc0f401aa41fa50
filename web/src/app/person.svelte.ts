/** What belongs to the reader and not to the view: language, theme, keyboard. Kept in this browser. */
import { Tongue, type Language } from '../lib/i18n/tongue.svelte.ts';

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

const kKey = 'vigie.person';

interface Saved {
  language?: Language;
  theme?: Theme;
  shortcuts?: boolean;
}

export class Person {
  readonly tongue: Tongue;
  theme: Theme = $state('system');
  shortcuts = $state(true);

  /** An address that asks for a language (`?lang=fr`) sets it, like the button does. */
  constructor(asked: string | null) {
    const saved = load();
    this.tongue = new Tongue(languageFrom(asked) ?? saved.language ?? browserLanguage());
    this.theme = saved.theme ?? 'system';
    this.shortcuts = saved.shortcuts ?? true;
    if (languageFrom(asked)) this.keep();
    else this.apply();
  }

  speak(language: Language): void {
    this.tongue.language = language;
    this.keep();
  }

  paint(theme: Theme): void {
    this.theme = theme;
    this.keep();
  }

  allowShortcuts(on: boolean): void {
    this.shortcuts = on;
    this.keep();
  }

  private apply(): void {
    const root = document.documentElement;
    root.lang = this.tongue.language;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
  }

  private keep(): void {
    this.apply();
    const saved: Saved = { language: this.tongue.language, theme: this.theme, shortcuts: this.shortcuts };
    try {
      localStorage.setItem(kKey, JSON.stringify(saved));
    } catch {
      // A browser that keeps nothing still shows the choice until the page is left.
    }
  }
}

function load(): Saved {
  try {
    const found = JSON.parse(localStorage.getItem(kKey) ?? '{}') as Saved;
    const language = languageFrom(found.language);
    return {
      ...(language ? { language } : {}),
      ...(found.theme && kThemes.includes(found.theme) ? { theme: found.theme } : {}),
      ...(typeof found.shortcuts === 'boolean' ? { shortcuts: found.shortcuts } : {}),
    };
  } catch {
    return {};
  }
}

function languageFrom(text: string | null | undefined): Language | null {
  return text === 'fr' || text === 'en' ? text : null;
}

function browserLanguage(): Language {
  for (const tag of navigator.languages) {
    const found = languageFrom(tag.slice(0, 2).toLowerCase());
    if (found) return found;
  }
  return 'en';
}
