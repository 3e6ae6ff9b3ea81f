// The steps of quality in which one slot can be shown, cheapest first.

/** One layer (encoding) of a source that a slot could show. */
export interface LayerOption {
  /** Whatever names the layer to the caller; compared by identity. */
  readonly source: string | number;
  /** Measured, of the whole layer, in bit/s. */
  readonly bitrate: number;
  /** Width of its picture, in pixels. */
  readonly width: number;
  /** Bitrates when only temporal layers up to 0, 1, ... are sent, in bit/s; the last is that of all. Absent: not known. */
  readonly temporal?: readonly number[];
}

/** A layer and a limit of its temporal layers. */
export interface Step {
  readonly source: string | number;
  /** Highest temporal layer to send; Infinity for all. */
  readonly temporalLimit: number;
  /** In bit/s. */
  readonly bitrate: number;
}

/**
 * The steps for a picture drawn `maxWidth` device pixels wide: its ceiling is the smallest layer that covers that. Only the
 * smallest is offered with fewer temporal layers as well: half the frames of a larger one cost about what all of a smaller
 * one do, and going back and forth between those would cost a key frame each time. A step that costs no more than a lower
 * one takes its place; layers of bitrate 0 are not there.
 */
export function ladder(options: readonly LayerOption[], maxWidth: number): Step[] {
  const steps: Step[] = [];
  const layers = options.filter((option) => option.bitrate > 0).sort(bySize);
  const covering = layers.findIndex((option) => option.width >= maxWidth);
  const ceiling = covering < 0 ? layers.length - 1 : covering;
  for (let i = 0; i <= ceiling; i++) {
    const layer = layers[i] as LayerOption;
    const temporal = i === 0 ? (layer.temporal ?? []) : [];
    for (let limit = 0; limit < temporal.length - 1; limit++) {
      const bitrate = temporal[limit] as number;
      const below = steps.at(-1)?.bitrate ?? 0;
      if (bitrate > below && bitrate < layer.bitrate)
        steps.push({ source: layer.source, temporalLimit: limit, bitrate });
    }
    while (steps.length > 0 && (steps.at(-1) as Step).bitrate >= layer.bitrate) steps.pop();
    steps.push({ source: layer.source, temporalLimit: Number.POSITIVE_INFINITY, bitrate: layer.bitrate });
  }
  return steps;
}

function bySize(a: LayerOption, b: LayerOption): number {
  return a.width - b.width || a.bitrate - b.bitrate;
}
