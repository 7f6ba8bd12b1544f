// A pad to sign on with a finger, a pen or a mouse; who cannot writes their name in the field beside it.
const SIDE = 1000;
const STROKES = 200;
const POINTS = 4000;

export class Pad {
  private strokes: number[][] = [];
  private readonly pen: CanvasRenderingContext2D | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: () => void,
  ) {
    this.pen = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
  }

  /** The lines as they are kept: x, y, x, y, … in a square of 1,000 by 1,000. */
  get drawn(): number[][] {
    return this.strokes;
  }

  set drawn(strokes: number[][]) {
    this.strokes = strokes;
    this.draw();
  }

  private down(event: PointerEvent): void {
    if (this.strokes.length >= STROKES) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push(this.point(event));
    this.draw();
  }

  private move(event: PointerEvent): void {
    const stroke = this.strokes.at(-1);
    if (!stroke || !this.canvas.hasPointerCapture(event.pointerId) || stroke.length >= POINTS) return;
    stroke.push(...this.point(event));
    this.draw();
    this.changed();
  }

  private point(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const at = (value: number, from: number, size: number) =>
      Math.max(0, Math.min(SIDE, Math.round(((value - from) / size) * SIDE)));
    return [at(event.clientX, box.left, box.width), at(event.clientY, box.top, box.height)];
  }

  private draw(): void {
    const { pen, canvas } = this;
    if (!pen) return;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of this.strokes) {
      pen.beginPath();
      for (let n = 0; n + 1 < stroke.length; n += 2) {
        pen.lineTo(((stroke[n] ?? 0) / SIDE) * canvas.width, ((stroke[n + 1] ?? 0) / SIDE) * canvas.height);
      }
      pen.stroke();
    }
  }
}
