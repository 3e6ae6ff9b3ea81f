// The trend of the one-way delay: a line laid through the last packet groups, as Chromium does in place of the
// Kalman filter of draft-ietf-rmcat-gcc-02, section 5.3.

/** Groups that the line is laid through. */
const WINDOW = 20;
/** Weight of the past in the smoothed delay. */
const SMOOTHING = 0.9;

export class TrendlineFilter {
  /** Slope of the smoothed delay: 0.1 means that the queue grows by 100 ms per second. */
  slope = 0;
  /** Differences seen since the last reset. */
  count = 0;

  #first = 0;
  #accumulated = 0;
  #smoothed = 0;
  #next = 0;
  readonly #arrivals = new Float64Array(WINDOW);
  readonly #delays = new Float64Array(WINDOW);

  /** Takes the difference between two groups (`PacketGroups`), all in ms. */
  update(arrivalDelta: number, sendDelta: number, arrival: number): void {
    if (this.count === 0) this.#first = arrival;
    this.count++;
    this.#accumulated += arrivalDelta - sendDelta;
    this.#smoothed = SMOOTHING * this.#smoothed + (1 - SMOOTHING) * this.#accumulated;
    this.#arrivals[this.#next] = arrival - this.#first;
    this.#delays[this.#next] = this.#smoothed;
    this.#next = (this.#next + 1) % WINDOW;
    if (this.count >= WINDOW) this.slope = this.#fit() ?? this.slope;
  }

  reset(): void {
    this.slope = 0;
    this.count = 0;
    this.#accumulated = 0;
    this.#smoothed = 0;
    this.#next = 0;
  }

  /** Least squares; null when all arrived at one time. */
  #fit(): number | null {
    let sumX = 0;
    let sumY = 0;
    for (let i = 0; i < WINDOW; i++) {
      sumX += this.#arrivals[i] as number;
      sumY += this.#delays[i] as number;
    }
    const meanX = sumX / WINDOW;
    const meanY = sumY / WINDOW;
    let numerator = 0;
    let denominator = 0;
    for (let i = 0; i < WINDOW; i++) {
      const x = (this.#arrivals[i] as number) - meanX;
      numerator += x * ((this.#delays[i] as number) - meanY);
      denominator += x * x;
    }
    return denominator > 0 ? numerator / denominator : null;
  }
}
