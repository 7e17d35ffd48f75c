const { selectBackend } = await import('@elbo/backends');
const { registerSteps } = await import('@elbo/ops');
const { buildersFor } = await import('./benchmarks/steps/elbo_models.mjs');
const threads = process.argv[2]==='1' ? 1 : undefined;
await selectBackend({ backend: 'node', threads, resolveFrom: '/tmp/h4all' });
if (process.argv[3]==='eager') registerSteps('tensorflow', () => ({ run: (s) => s(), defers: false, dispose() {} }));
for (const m of ['vae 784-400-20, batch 128']) {
const run = await buildersFor({})[m]();
await run(40);
const t = [];
for (let i=0;i<60;i++){ const t0=performance.now(); const n=await run(10); t.push((performance.now()-t0)/n); }
t.sort((a,b)=>a-b); process.stdout.write(m.slice(0,8)+' '+t[7].toFixed(2)+' min '+t[0].toFixed(2)+'; ');
}
console.log(process.argv.slice(2).join(' ')); process.exit();
