import { describe, expect, it } from 'vitest';
import { clearestPlace, type Mark } from './label.ts';

const frame = { left: 0, right: 300, top: 0, bottom: 200 };
const size = { width: 80, height: 14 };
const line = (...heights: (number | null)[]): Mark[] => heights.map((y, i) => ({ x: 50 + i * 100, y }));

describe('the place of a name', () => {
  it('is below its line where the other runs above', () => {
    const own = line(120, 120, 120);
    // 6 below the point, and half of the label more: 120 + 6 + 7.
    expect(clearestPlace(own, [own, line(60, 60, 60)], size, frame)).toEqual({ x: 50, y: 133 });
  });

  it('never leaves the frame: a line at the bottom is named above', () => {
    const own = line(195, 195, 195);
    expect(clearestPlace(own, [own, line(60, 60, 60)], size, frame)).toEqual({ x: 50, y: 182 });
  });

  it('keeps off the other line, and off the steep parts of its own', () => {
    // The other line crosses both places of the left point and of the middle one; the right end is free.
    const own = line(100, 100, 100);
    const other = line(80, 140, 20);
    expect(clearestPlace(own, [own, other], size, frame)).toEqual({ x: 250, y: 113 });
  });

  it('is moved inside at the edge', () => {
    const own: Mark[] = [{ x: 10, y: 100 }];
    expect(clearestPlace(own, [own], size, frame)?.x).toBe(40);
  });

  it('is nowhere where nothing is drawn', () => {
    expect(clearestPlace(line(null, null), [line(null, null)], size, frame)).toBeNull();
  });
});
