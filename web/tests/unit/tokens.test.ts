/** Measures the colours of src/styles/tokens.css: contrast as WCAG has it, distance in OKLab under four kinds of sight. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Theme = 'light' | 'dark';
type Rgb = [number, number, number];

const sheet = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');

function colour(name: string, theme: Theme): Rgb {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(sheet);
  const hex = found?.[theme === 'light' ? 1 : 2];
  if (!hex) throw new Error(`tokens.css has no --${name}`);
  return [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as Rgb;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([r, g, blue]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

type Matrix = [Rgb, Rgb, Rgb];
const times = (matrix: Matrix, [x, y, z]: Rgb) => matrix.map(([a, b, c]) => a * x + b * y + c * z) as Rgb;

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const kSights: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function oklab(rgb: Rgb): Rgb {
  const cone = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map((value) => Math.cbrt(Math.max(0, value))) as Rgb;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cone,
  );
}

function nearest(names: string[], theme: Theme, sight: Matrix): number {
  const labs = names.map((name) =>
    oklab(times(sight, colour(name, theme)).map((value) => Math.min(1, Math.max(0, value))) as Rgb),
  );
  const distances = labs.flatMap((a, i) =>
    labs.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) * 100),
  );
  // To one decimal, as the design states them.
  return Math.round(Math.min(...distances) * 10) / 10;
}

const kSeries = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'];
const kVerdicts = ['good', 'watch', 'bad'];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it('text reads on every ground', () => {
    for (const ground of ['bg', 'surface', 'sunken']) {
      for (const ink of ['text', 'muted']) {
        expect(contrast(colour(ink, theme), colour(ground, theme)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const ink of ['accent', ...kVerdicts]) {
      expect(contrast(colour(ink, theme), colour('surface', theme)), ink).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour(ink, theme), colour(`${ink}-weak`, theme)), `${ink} on weak`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('marks stand out from the card', () => {
    for (const mark of [...kSeries, 'target']) {
      expect(contrast(colour(mark, theme), colour('surface', theme)), mark).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(colour('compared', theme), colour('surface', theme))).toBeGreaterThanOrEqual(2.9);
  });

  it.each(Object.entries(kSights))('%s sight tells the series and the verdicts apart', (_name, sight) => {
    expect(nearest(kSeries, theme, sight)).toBeGreaterThanOrEqual(theme === 'light' ? 10.5 : 11.5);
    expect(nearest(kVerdicts, theme, sight)).toBeGreaterThanOrEqual(8.1);
  });
});
