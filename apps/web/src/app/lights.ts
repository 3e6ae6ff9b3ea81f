// In a call the lights go down, whatever the person's scheme (LOOK, "The idea"); after it they come up again.

const DARK = '#15130F';

/** Darkens the page and the browser's own bars around it; returns how to undo that. */
export function dimLights(): () => void {
  const root = document.documentElement;
  const bars = [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')];
  const daylight = bars.map((bar) => bar.content);
  root.dataset['lights'] = 'down';
  for (const bar of bars) bar.content = DARK;
  return () => {
    root.removeAttribute('data-lights');
    bars.forEach((bar, index) => {
      bar.content = daylight[index] ?? DARK;
    });
  };
}
