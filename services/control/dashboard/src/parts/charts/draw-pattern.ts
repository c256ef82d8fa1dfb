import type { Look } from './chart-figure.tsx';

/** Of a tile that is laid beside itself, in pixels. */
const side = 8;

/** What bars of a look are filled with: its colour, and marks on it in another. */
export function drawPattern(pattern: Look['pattern'], colour: string, marks: string): string | CanvasPattern {
  if (pattern === 'plain') return colour;
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (pen === null) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, side, side);
  if (pattern === 'stripes') drawStripes(pen, marks);
  else drawDots(pen, marks);
  return pen.createPattern(tile, 'repeat') ?? colour;
}

/** From corner to corner, and over the corners, where the next tile goes on. */
function drawStripes(pen: CanvasRenderingContext2D, marks: string): void {
  pen.strokeStyle = marks;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
}

function drawDots(pen: CanvasRenderingContext2D, marks: string): void {
  pen.fillStyle = marks;
  for (const middle of [side / 4, (3 * side) / 4]) {
    pen.beginPath();
    pen.arc(middle, middle, 1.5, 0, 2 * Math.PI);
    pen.fill();
  }
}
