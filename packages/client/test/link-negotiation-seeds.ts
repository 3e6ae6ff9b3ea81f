// Seeds that once made two negotiations fail to settle. They are tried first, for good.

export const KEPT_SEEDS: readonly number[] = [8, 9, 13];
