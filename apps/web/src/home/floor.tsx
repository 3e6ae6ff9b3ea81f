// The picture of the home screen: two people on a maru, tea between them, the courtyard's hills beyond.

interface FloorProps {
  /** What there is to see, for those who do not. */
  readonly title: string;
}

/** Colours come from home.css, so that the same drawing has its day and its night. */
export function Floor({ title }: FloorProps) {
  return (
    <svg
      class="floor"
      viewBox="0 0 420 420"
      preserveAspectRatio="xMidYMid slice"
      role="img"
      aria-label={title}
    >
      <rect class="floor-sky" width="420" height="420" />
      <g class="floor-scene">
        <circle class="floor-glow" cx="318" cy="91" r="64" />
        <circle class="floor-sun" cx="318" cy="91" r="43" />
        <path class="floor-hill-far" d="M0 150c54-32 108-38 190-17 88 22 150 22 230-17v140H0z" />
        <path class="floor-hill" d="M0 184c72-28 142-29 218-5 80 25 142 17 202-11v80H0z" />
        <rect class="floor-boards" y="245" width="420" height="210" />
        <rect class="floor-sill" y="237" width="420" height="10" />
        <path
          class="floor-joints"
          d="M0 274h420M0 308h420M0 346h420M0 386h420M84 246l-32 28M231 246v28M365 246l24 28M63 308l-31 38M301 274l17 34M402 308l14 38M154 346l-18 40M330 346l22 40M238 308v38M94 386l-13 34M250 386v34M388 386l12 34"
        />
        <ellipse class="floor-shade" cx="150" cy="330" rx="58" ry="9" />
        <ellipse class="floor-shade" cx="273" cy="330" rx="58" ry="9" />
        <g class="floor-person">
          <circle cx="150" cy="247" r="21" />
          <path d="M105 329c4-38 18-60 45-60s41 22 45 60z" />
        </g>
        <g class="floor-person-2">
          <circle cx="273" cy="247" r="21" />
          <path d="M228 329c4-38 18-60 45-60s41 22 45 60z" />
        </g>
        <ellipse class="floor-table" cx="211" cy="335" rx="37" ry="8" />
        <path class="floor-cup" d="M199 317h25v9a6 6 0 0 1-6 6h-13a6 6 0 0 1-6-6z" />
        <path class="floor-steam" d="M207 311c-4-5 4-7 0-13M215 311c-4-5 4-7 0-13" />
      </g>
    </svg>
  );
}
