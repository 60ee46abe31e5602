/** The style of the report page. Colours are variables, so that dark and light differ in one place. */
import { Markup } from './markup.ts'

export const reportStyle = new Markup(`
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f4f6f8; --ink: #17202a; --dim: #5b6672; --line: #d5dbe1;
  --ours: #1f6feb; --other: #9aa7b4; --cost: #c4622d; --gain: #16836f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161c; --panel: #1a2129; --ink: #e6ebf0; --dim: #9aa7b4; --line: #313b46;
    --ours: #58a0ff; --other: #6b7885; --cost: #e08a55; --gain: #3fb79e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 1080px; padding: 16px;
  background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
h1 { margin: 4px 0; font-size: 26px; overflow-wrap: anywhere; }
h2 { margin: 0 0 2px; font-size: 16px; }
p { margin: 0; overflow-wrap: anywhere; }
section { margin: 20px 0 0; }
footer { margin: 24px 0; }
.dim { color: var(--dim); font-size: 13px; }
.market { display: inline-block; padding: 2px 10px; border: 1px solid var(--line); border-radius: 12px; font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.card, .plot { background: var(--panel); border-radius: 8px; padding: 12px 14px; }
.figure { font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.plots { columns: 2 400px; column-gap: 12px; margin: 12px 0 0; }
.plot { margin: 0 0 12px; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; margin: 8px 0 0; }
svg text { fill: var(--ink); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .label { fill: var(--dim); }
rect.ours { fill: var(--ours); } rect.other { fill: var(--other); } rect.cost { fill: var(--cost); } rect.gain { fill: var(--gain); }
.axis, .link { stroke: var(--dim); stroke-width: 1; }
.grid { stroke: var(--line); stroke-width: 1; }
.step { fill: none; stroke: var(--ours); stroke-width: 2; }
.dot { fill: var(--ours); stroke: var(--panel); stroke-width: 1; }
.key { font-size: 13px; margin: 6px 0 0; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 4px 0 0; }
.swatch.ours { background: var(--ours); margin-left: 12px; } .swatch.other { background: var(--other); }
details { margin: 20px 0 0; }
summary { cursor: pointer; font-weight: 600; }
.wide { overflow-x: auto; margin: 6px 0 0; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { color: var(--dim); font-weight: 500; }
th.word, td.word { text-align: left; }
`)
