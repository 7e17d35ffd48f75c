/** The report's style: light and dark by the reader's setting, and light on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #ffffff; --ink: #14181f; --soft: #5b6472; --line: #e1e5ea;
  --training: #2f6fdb; --validation: #d9660a; --warn: #8a4b00; --warn-back: #fff6e5; --warn-line: #f0c987;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #0f1216; --card: #171b21; --ink: #e8ebf0; --soft: #9aa4b2; --line: #2a3038;
    --training: #6ea3ff; --validation: #ff9d4d; --warn: #ffd08a; --warn-back: #2b2213; --warn-line: #6b5222;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: break-word }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -.015em }
h2 { font-size: 19px; margin: 44px 0 14px; letter-spacing: -.005em }
h3 { font-size: 15px; margin: 0; font-weight: 650 }
h1, h2, h3, .key { overflow-wrap: anywhere }
.top > *, .key { min-width: 0 }
h3 + table { margin-top: 8px }
table + details { margin-top: 10px }
p { margin: 0 }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px }
.status { border: 1px solid var(--line); border-radius: 14px; padding: 2px 12px; color: var(--soft); font-size: 13px; background: var(--card) }
.command { margin: 12px 0 0; color: var(--soft); overflow-wrap: anywhere }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px }
.card, figure { min-width: 0 }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 190px), 1fr)); gap: 14px; margin-top: 26px }
.figure .value { font-size: 29px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.02em }
.figure .unit { font-size: 14px; font-weight: 400; color: var(--soft); letter-spacing: 0; margin-left: 5px }
.soft { color: var(--soft); font-size: 13px }
.warnings { margin: 22px 0 0; padding: 14px 20px; list-style: none; background: var(--warn-back); border: 1px solid var(--warn-line); border-radius: 10px; color: var(--warn) }
.warnings li { padding-left: 26px; position: relative }
.warnings li + li { margin-top: 6px }
.warnings li::before { content: '!'; position: absolute; left: 0; top: 3px; width: 17px; height: 17px; border-radius: 50%; background: var(--warn); color: var(--warn-back); font: 700 12px/17px system-ui, sans-serif; text-align: center }
.tools { display: flex; flex-wrap: wrap; gap: 8px 22px; align-items: center; color: var(--soft); font-size: 13px; margin-bottom: 14px }
.tools label { display: flex; gap: 7px; align-items: center }
.tools input[type=range] { width: 110px; accent-color: var(--training) }
.tools input[type=checkbox] { accent-color: var(--training); margin: 0 }
.key { display: inline-flex; gap: 6px; align-items: center }
.key.own { display: none }
.key::before { content: ''; flex: none; width: 16px; height: 3px; border-radius: 2px; background: var(--colour) }
.group { color: var(--soft); font-size: 13px; font-weight: 600; margin: 20px 0 10px }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 14px }
.chart { padding: 14px 14px 8px; min-width: 0 }
.chart header { display: flex; justify-content: space-between; gap: 10px; align-items: baseline; padding: 0 6px 6px }
.chart .now { font-size: 13px; font-variant-numeric: tabular-nums; color: var(--soft); text-align: right }
.chart .now b { white-space: nowrap }
.chart .now b { font-weight: 600 }
.chart p { padding: 0 6px }
.canvas { height: 236px }
.uplot, .uplot .u-title, .uplot .u-legend { font-family: inherit }
.u-select { background: color-mix(in srgb, var(--training) 15%, transparent) }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px; align-items: start }
figure { margin: 0 }
figure img { display: block; max-width: 100%; height: auto; margin: 12px auto }
figure img.map { width: 100%; max-width: 760px }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 6px 18px 6px 0; border-top: 1px solid var(--line) }
tr:first-child > * { border-top: 0 }
th { font-weight: 500; color: var(--soft); width: 34% }
th, td { overflow-wrap: anywhere }
td.number { font-variant-numeric: tabular-nums; font-weight: 600; width: 22% }
.stack { display: grid; gap: 14px }
.stack table { margin-top: 8px }
.wide { overflow-x: auto }
.rows { width: auto; min-width: 100%; margin: 8px 0; font-variant-numeric: tabular-nums }
.rows th { width: auto; white-space: nowrap }
.rows td { padding-top: 3px; padding-bottom: 3px }
.texts { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0; font: 14px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.texts span { min-width: 0; overflow-wrap: anywhere }
.runs { table-layout: fixed; min-width: calc(110px * var(--columns)) }
.runs th, .runs td.number { width: auto }
.halves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px; align-items: start }
summary { cursor: pointer; color: var(--soft) }
pre { overflow: auto; margin: 12px 0 0; max-height: 480px }
@media screen and (max-width: 600px) {
  main { padding: 24px 14px 40px }
  table, tbody { display: block }
  .runs { min-width: 0 }
  .rows tr:first-child { display: none }
  .rows td { flex-basis: 100%; padding: 0 }
  .rows td::before { content: attr(data-name); color: var(--soft); margin-right: 10px }
  tr { display: flex; flex-wrap: wrap; border-top: 1px solid var(--line); padding: 6px 0 }
  tr:first-child { border-top: 0 }
  th, td, td.number { border: 0; padding: 0 14px 0 0; width: auto; min-width: 0 }
  .notes td:last-child { flex-basis: 100% }
  .runs tr:first-child { display: none }
  .runs th, .runs td { flex-basis: 100% }
  .runs td { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 14px; padding: 0 }
  .runs td.number { text-align: right }
  .runs .key.own { display: inline-flex; font-weight: 400; color: var(--soft); text-align: left; flex: 0 1 auto }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
}
@media print {
  body { background: #fff; font-size: 12px }
  main { padding: 0; max-width: none }
  .tools label, .tools > span:last-child, summary { display: none }
  .card, .chart, figure, tr { break-inside: avoid }
  h2 { break-after: avoid }
  .charts, .pictures { grid-template-columns: 1fr 1fr }
  pre { max-height: none; white-space: pre-wrap }
}`;
