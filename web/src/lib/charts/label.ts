/** Where the name of a line stands when there is no room at its end: above or below one of its points. Pure. */

export interface Mark {
  x: number;
  /** Null where the line has a gap. */
  y: number | null;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Between a point and its name. */
const kGap = 6;
/** More room than this is no better. */
const kEnough = 16;

/**
 * The middle of the place, inside the frame, that keeps the label furthest from all lines; of equal ones the first. Null
 * where the line has no point.
 */
export function clearestPlace(
  own: readonly Mark[],
  lines: readonly (readonly Mark[])[],
  size: { width: number; height: number },
  frame: Box,
): { x: number; y: number } | null {
  let best: { x: number; y: number; room: number } | null = null;
  for (const { x, y } of own) {
    if (y === null) continue;
    const middle = Math.min(Math.max(x, frame.left + size.width / 2), frame.right - size.width / 2);
    for (const side of [1, -1]) {
      const at = y + side * (size.height / 2 + kGap);
      const box: Box = {
        left: middle - size.width / 2,
        right: middle + size.width / 2,
        top: at - size.height / 2,
        bottom: at + size.height / 2,
      };
      if (box.top < frame.top || box.bottom > frame.bottom) continue;
      const room = Math.min(kEnough, ...lines.map((line) => distance(line, box)));
      if (!best || room > best.room) best = { x: middle, y: at, room };
    }
  }
  return best && { x: best.x, y: best.y };
}

/** How far above or below the box the line passes at least; negative where it runs through. */
function distance(line: readonly Mark[], box: Box): number {
  const places = [box.left, box.right, ...line.map(({ x }) => x).filter((x) => x > box.left && x < box.right)];
  const heights = places.map((x) => heightAt(line, x)).filter((y) => y !== null);
  const above = Math.min(...heights.map((y) => y - box.bottom));
  const below = Math.min(...heights.map((y) => box.top - y));
  return heights.length === 0 ? Infinity : Math.max(above, below);
}

/** The line at any place between two of its points; null outside and in a gap. */
function heightAt(line: readonly Mark[], x: number): number | null {
  const after = line.findIndex((mark) => mark.x >= x);
  const [a, b] = [line[after - 1], line[after]];
  if (b?.x === x) return b.y;
  if (!a || !b || a.y === null || b.y === null) return null;
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}
