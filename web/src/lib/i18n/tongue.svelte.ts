/** The reader's language: its words, and the formatters bound to its locale. Given to components by context. */
import { createContext } from 'svelte';
import type { Answer, Reason, Text, Unit } from '../api/types.ts';
import * as dates from '../format/dates.ts';
import * as numbers from '../format/numbers.ts';
import type { Figure, Locale, Numeric } from '../format/numbers.ts';
import type { Day } from '../url/day.ts';
import type { CalendarSettings, Period, StepGrain } from '../url/period.ts';
import { en, type Words } from './en.ts';
import { fr } from './fr.ts';

export type Language = 'fr' | 'en';

const kLocales: Record<Language, Locale> = { fr: 'fr-FR', en: 'en-GB' };

export class Tongue {
  language: Language = $state('en');

  constructor(language: Language) {
    this.language = language;
  }

  get words(): Words {
    return this.language === 'fr' ? fr : en;
  }
  get locale(): Locale {
    return kLocales[this.language];
  }

  /** A text of the server in this language. */
  text(text: Text): string {
    return text[this.language] || text.en;
  }

  /** What went wrong, in the server's words; what the page itself found, in ours. */
  problem({ code, detail }: { code: string; detail: string }): string {
    return this.words.problems[code] ?? detail;
  }

  /** Why there is no value: the page's own words for what it knows, else those that came with the answer. */
  reason(code: string, answer: Pick<Answer, 'reasons'> | null): string {
    const sent = answer?.reasons?.[code];
    return this.words.reasons[code as Reason] ?? (sent ? this.text(sent) : code);
  }
  /** What people call a value that an answer is split by; as the data have it where nobody has said so. */
  value(name: string, value: string, answer: Pick<Answer, 'value_labels'>): string {
    const label = answer.value_labels?.[name]?.[value];
    return label ? this.text(label) : value;
  }
  /** What would give a value; empty where that is not known. */
  remedy(code: string): string {
    return this.words.remedies[code as Reason] ?? '';
  }

  integer(value: Numeric): string {
    return numbers.integer(this.locale, value);
  }
  bare(value: Numeric): string {
    return numbers.bare(this.locale, value);
  }
  full(value: Numeric, unit: Unit, currency: string): string {
    return numbers.full(this.locale, value, unit, currency);
  }
  card(value: Numeric, unit: Unit, currency: string): string {
    return numbers.card(this.locale, value, unit, currency);
  }
  figure(value: Numeric, unit: Unit, currency: string): Figure {
    return numbers.figure(this.locale, value, unit, currency, 'card');
  }
  interval(low: number, high: number, unit: Unit, currency: string): string {
    return numbers.interval(this.locale, low, high, unit, currency);
  }
  changeInterval(low: number, high: number, unit: Unit, currency: string): string {
    return numbers.changeInterval(this.locale, low, high, unit, currency);
  }
  change(delta: number, relative: number | null, base: number | null, unit: Unit, currency: string): string {
    return numbers.change(this.locale, delta, relative, base, unit, currency);
  }
  column(largest: number, unit: Unit, currency: string) {
    return numbers.column(this.locale, largest, unit, currency);
  }
  sharedUnit(largest: number, unit: Unit, currency: string) {
    return numbers.sharedUnit(this.locale, largest, unit, currency);
  }
  share(value: number): string {
    return numbers.share(this.locale, value);
  }

  date(day: Day): string {
    return dates.date(this.locale, day);
  }
  dayAndMonth(day: Day): string {
    return dates.dayAndMonth(this.locale, day);
  }
  days(from: Day, to: Day, year: 'shown' | 'omitted'): string {
    return dates.days(this.locale, from, to, { year });
  }
  period(period: Period, calendar: CalendarSettings): string {
    return dates.period(this.locale, period, calendar);
  }
  month(month: number): string {
    return dates.monthName(this.locale, month, 'short');
  }
  tick(from: Day, grain: StepGrain, calendar: CalendarSettings, before: Day | null): string {
    return dates.tick(this.locale, from, grain, calendar, before);
  }
  clock(at: Date): string {
    return dates.clock(this.locale, at);
  }
}

export const [tongue, provideTongue] = createContext<Tongue>();
