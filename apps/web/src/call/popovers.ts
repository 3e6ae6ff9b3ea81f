// Popovers (HTML, the popover attribute), asked about without failing where a browser has none.

/** Whether the browser has popovers at all. */
export function hasPopovers(): boolean {
  return 'popover' in HTMLElement.prototype;
}

/** Whether one is open now. */
export function isPopoverOpen(): boolean {
  // Without popovers the selector itself is a syntax error.
  return hasPopovers() && document.querySelector(':popover-open') !== null;
}
