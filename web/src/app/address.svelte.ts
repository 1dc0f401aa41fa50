/** The address bar: the view it holds, and how the page changes it. */
import { parseView, printView, type AddressProblem, type View } from '../lib/url/view.ts';

export class Address {
  path = $state('/');
  view: View = $state.raw(parseView('').view);
  problems: AddressProblem[] = $state.raw([]);
  /** `?lang=` of the address on arrival: a person's setting, taken over and then left out. */
  readonly language: string | null;

  constructor() {
    const search = new URLSearchParams(location.search);
    this.language = search.get('lang');
    if (this.language !== null) {
      search.delete('lang');
      const rest = search.size === 0 ? '' : `?${decodeURIComponent(search.toString())}`;
      history.replaceState(null, '', location.pathname + rest);
    }
    this.read();
  }

  /** Follows Back and Forward; returns how to stop. */
  follow(): () => void {
    const read = () => this.read();
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }

  /** A discrete choice: a new entry in the history, unless nothing changes. */
  go(change: Partial<View>): void {
    const view = { ...this.view, ...change };
    const address = printView(view);
    if (address === printView(this.view) && this.problems.length === 0) return;
    history.pushState(null, '', this.path + address);
    this.view = view;
    this.problems = [];
  }

  /** The overview in its default state. */
  home(): void {
    history.pushState(null, '', '/');
    this.read();
  }

  /** Forgets what could not be understood; the address then says what is shown. */
  dismissProblems(change: Partial<View>): void {
    this.problems = [];
    this.view = { ...this.view, ...change };
    history.replaceState(null, '', this.path + printView(this.view));
  }

  private read(): void {
    const { view, problems } = parseView(location.search);
    this.path = location.pathname;
    this.view = view;
    this.problems = problems;
  }
}
