import { describe, expect, it } from 'vitest';
import { kPeriodWords, type PeriodRef } from './period.ts';
import { kComparisons, kDefaultView, kGrains, parseView, printView, type View } from './view.ts';
import { nearestName } from './nearest.ts';

describe('the address is the view', () => {
  it('leaves defaults out', () => {
    expect(printView(kDefaultView)).toBe('');
    expect(parseView('')).toEqual({ view: kDefaultView, problems: [] });
    expect(printView(parseView('?p=this-month&vs=previous').view)).toBe('');
  });

  it('has one order, so equal views have equal addresses', () => {
    const one = printView(parseView('?panel=explain:cac&by=channel&vs=year&p=2026-11&g=week').view);
    const other = printView(parseView('?g=week&p=2026-11&by=channel&panel=explain:cac&vs=year').view);
    expect(one).toBe('?p=2026-11&vs=year&g=week&by=channel&panel=explain:cac');
    expect(other).toBe(one);
  });

  it('names what it does not understand, and keeps the rest', () => {
    const { view, problems } = parseView('?p=soon&vs=year&colour=red&by=DROP TABLE');
    expect(view).toEqual({ ...kDefaultView, comparison: 'year' });
    expect(problems).toEqual([
      { key: 'p', value: 'soon', what: 'value' },
      { key: 'colour', value: 'red', what: 'unknown' },
      { key: 'by', value: 'DROP TABLE', what: 'value' },
    ]);
  });

  it('prints and reads back every view', () => {
    const periods: PeriodRef[] = [
      ...kPeriodWords.map((word) => ({ word })),
      { kind: 'day', day: '2026-11-23' },
      { kind: 'week', year: 2026, number: 7 },
      { kind: 'month', year: 2026, number: 2 },
      { kind: 'quarter', year: 2026, number: 4 },
      { kind: 'year', year: 2019 },
      { kind: 'range', from: '2026-01-05', to: '2026-02-11' },
    ];
    const views = periods.flatMap((period) =>
      kComparisons.flatMap((comparison) =>
        [null, ...kGrains].flatMap((grain) =>
          [null, 'channel'].flatMap((by) =>
            [null, 'explain:churn_rate'].map((panel): View => ({ period, comparison, grain, by, panel })),
          ),
        ),
      ),
    );
    const seen = new Set<string>();
    for (const view of views) {
      const address = printView(view);
      expect(parseView(address)).toEqual({ view, problems: [] });
      seen.add(address);
    }
    expect(seen.size).toBe(views.length);
  });
});

describe('the nearest name', () => {
  it('is offered when it is close', () => {
    expect(nearestName('chanel', ['country', 'channel', 'segment'])).toBe('channel');
    expect(nearestName('xyz', ['country', 'channel', 'segment'])).toBeNull();
  });
});
