/** One style sheet for light and dark; no scripts, no fonts, nothing from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1c2128; --soft: #5b6572; --line: #d4d9e0;
  --held: #1a7f37; --violated: #c62828; --undecided: #8a6100; --told: #1f5fbf; --commit: #6f42c1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --card: #1c2027; --ink: #e4e7eb; --soft: #9aa4b1; --line: #363d48;
    --held: #56d364; --violated: #ff7b72; --undecided: #e3b341; --told: #79b0ff; --commit: #c4a1ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 0; }
h3 { font-size: 0.95rem; margin: 1.5rem 0 0.4rem; color: var(--soft); font-weight: 600; }
p { margin: 0.4rem 0; }
a { color: inherit; }
.soft { color: var(--soft); }
.held { color: var(--held); } .violated { color: var(--violated); }
.undecided, .error { color: var(--undecided); }
.list { list-style: none; margin: 1rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.list li { display: flex; gap: 0.75rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
.list .verdict { flex: 0 0 6rem; font-weight: 600; }
.list .name { flex: 1; }
section { margin-top: 2rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
.cause { font-size: 1.1rem; margin: 0.8rem 0; text-wrap: balance; }
.cause strong { color: var(--violated); }
.wide { overflow-x: auto; }
.strip { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.4rem 0; font-size: 0.8rem; }
.strip span { min-width: 2.2rem; padding: 0.1rem 0.4rem; text-align: center; border-bottom: 4px solid
  color-mix(in srgb, var(--violated) var(--failed), var(--held)); }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { margin: 0.4rem 0; padding: 0.6rem 0.8rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; overflow-x: auto; }
ul { margin: 0.2rem 0; padding-left: 1.2rem; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.2rem 0.6rem; border: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
th { font-weight: 600; } th:first-child { text-align: left; }
td.never { color: var(--undecided); }
svg { display: block; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .time { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .lane { font-weight: 600; } svg .alive { stroke: var(--soft); stroke-width: 2; }
svg .dead { stroke: var(--line); stroke-width: 2; stroke-dasharray: 2 5; }
svg .frozen { stroke: var(--told); stroke-width: 2; stroke-dasharray: 7 4; }
svg .rule { stroke: var(--line); stroke-width: 1; }
svg .dot { fill: var(--soft); stroke: none; } svg .told { fill: var(--told); } svg .commit { fill: var(--commit); }
svg .trouble { fill: var(--undecided); } svg .start, svg .resume { fill: var(--held); }
svg .freeze { fill: var(--told); } svg .end, svg .stop { fill: var(--ink); }
svg .outcome { font-weight: 600; } svg .rounds { font-style: italic; } svg .rounds, svg .strike { fill: var(--soft); }
svg .cross { stroke: var(--violated); stroke-width: 3; stroke-linecap: round; }
figure { margin: 0.4rem 0 1.2rem; } figcaption { font-weight: 600; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.2rem; margin: 0 0 0 64px; padding: 0; font-size: 0.85rem; }
.legend svg { display: inline-block; vertical-align: middle; } figure p { margin-left: 64px; font-size: 0.85rem; }
svg .series { fill: none; stroke-width: 2; stroke-linejoin: round; } svg .s0 { stroke: var(--told); }
svg .s1 { stroke: var(--commit); stroke-dasharray: 8 3; } svg .s2 { stroke: var(--held); stroke-dasharray: 3 3; }
svg .s3 { stroke: var(--undecided); stroke-dasharray: 10 3 2 3; } svg .s4 { stroke: var(--ink); stroke-dasharray: 1 4; }
svg .s5 { stroke: var(--soft); stroke-dasharray: 14 4; } svg .rest { stroke: var(--line); stroke-width: 1; }
svg line.limit { stroke: var(--violated); stroke-width: 1.5; stroke-dasharray: 6 4; }
svg text.limit { fill: var(--violated); font-size: 12px; }
svg rect.fault { fill: var(--undecided); opacity: 0.16; } svg line.fault { stroke: var(--undecided); stroke-width: 1.5; }
svg .crash-text { fill: var(--violated); font-weight: 600; }
`
