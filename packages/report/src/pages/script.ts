/**
 * The report's own script. It draws the charts that the page's data element lists, smooths the
 * training curves on request, and draws again when the reader's colours, the width or the paper change.
 */
export const script: string = String.raw`
'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const root = document.documentElement;
  const paint = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const smoothing = document.getElementById('smoothing');
  const logSteps = document.getElementById('log-steps');
  const trim = document.getElementById('trim');

  const number = (value) => value === null || value === undefined ? '–'
    : Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(2)
    : String(Number(value.toPrecision(5))).replace('-', '−');

  // An exponential moving average without the bias of its start; gaps stay gaps.
  const smooth = (values, decay) => {
    let sum = 0, weight = 0;
    return values.map((value) => {
      if (value === null) return null;
      sum = decay * sum + (1 - decay) * value;
      weight = decay * weight + (1 - decay);
      return sum / weight;
    });
  };

  const quantile = (sorted, share) => sorted[Math.round(share * (sorted.length - 1))];

  // Without the extremes of the first steps; never narrower than what comes after them.
  const rangeOf = (series) => {
    const settled = series.flatMap((values) => values.slice(Math.floor(values.length / 10))).filter((v) => v !== null);
    const sorted = (settled.length ? settled : series.flat().filter((v) => v !== null)).sort((a, b) => a - b);
    const low = quantile(sorted, .01), high = quantile(sorted, .99);
    const pad = (high - low) * .08 || Math.abs(high) * .05 || 1;
    return [low - pad, high + pad];
  };

  const draw = (holder, chart, width) => {
    const decay = Number(smoothing.value) / 100;
    const keep = chart.steps.map((step) => !logSteps.checked || step > 0);
    const kept = (values) => values.filter((_, i) => keep[i]);
    const data = [kept(chart.steps)];
    const series = [{ label: 'step' }];
    const now = holder.parentElement.querySelector('.now');
    const shown = [];
    for (const { split, colour: name, values } of chart.series) {
      const raw = kept(values), colour = paint(name);
      const smoothed = decay > 0 && split !== 'validation';
      const points = { show: raw.filter((v) => v !== null).length < 40, size: 5, fill: colour };
      const line = { spanGaps: true, stroke: colour, width: 2, points };
      if (smoothed) {
        series.push({ ...line, stroke: colour + '44', width: 1, points: { show: false } });
        data.push(raw);
      }
      series.push(line);
      data.push(smoothed ? smooth(raw, decay) : raw);
      shown.push({ split, colour, index: data.length - 1 });
    }
    const tell = (at) => {
      now.replaceChildren(...shown.flatMap(({ split, colour, index }) => {
        let i = at === null || at === undefined ? data[0].length - 1 : at;
        while (i > 0 && (data[index][i] === null || data[index][i] === undefined)) i--;
        const value = document.createElement('b');
        value.style.color = colour;
        value.textContent = number(data[index][i]);
        value.title = split + ', step ' + data[0][i];
        return [document.createTextNode(' '), value];
      }));
    };
    const axis = { stroke: paint('--soft'), font: '12px system-ui, sans-serif', grid: { stroke: paint('--line'), width: 1 }, ticks: { stroke: paint('--line'), width: 1, size: 4 } };
    tell(null);
    return new uPlot({
      width, height: 236,
      legend: { show: false },
      cursor: { sync: { key: 'steps', setSeries: false, scales: ['x', null] }, points: { size: 6 }, drag: { x: true, y: false } },
      scales: {
        x: { time: false, ...(logSteps.checked ? { distr: 3, range: (u, low, high) => [low, high > low ? high : low + 1] } : {}) },
        y: trim.checked ? { range: (u, low, high) => low === null ? [0, 1] : rangeOf(data.slice(1)) } : {},
      },
      axes: [
        { ...axis, values: (u, ticks) => ticks.map((v) => v === null ? '' : v >= 1000 ? v / 1000 + 'k' : String(v)), size: 32, label: 'step', labelSize: 16, labelFont: '12px system-ui, sans-serif' },
        { ...axis, values: (u, ticks) => ticks.map((v) => String(Number(v.toPrecision(6))).replace('-', '−')), size: (u, values) => Math.max(44, 14 + 7.2 * Math.max(0, ...(values || []).map((v) => v.length))) },
      ],
      series,
      hooks: { setCursor: [(u) => tell(u.cursor.idx)] },
    }, data, holder);
  };

  let plots = [];
  const redraw = () => {
    plots.forEach((plot) => plot.destroy());
    plots = [...document.querySelectorAll('.canvas')].map((holder, i) => draw(holder, charts[i], holder.clientWidth));
  };
  redraw();
  for (const control of [smoothing, logSteps, trim]) control && control.addEventListener('input', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  matchMedia('print').addEventListener('change', redraw);
  let width = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
})();`;
