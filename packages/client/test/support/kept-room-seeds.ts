// Seeds of room-interleavings.test.ts that once failed, kept so that what was mended stays mended.

export const KEPT_SEEDS: readonly number[] = [];
