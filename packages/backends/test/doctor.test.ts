import { expect, test } from 'vitest';
import { adapterFindings } from '../src/node/tools/adapter.js';
import { examine } from '../src/node/tools/index.js';
import { gpuFindings, nodeFindings, variableFindings } from '../src/node/tools/machine.js';
import { installTensorFlow, project } from './project.js';

test('a project with nothing optional has nothing wrong', async () => {
  const plain = project();
  try {
    const findings = await examine({ resolveFrom: plain.folder });
    expect(findings.filter(({ status }) => status === 'wrong')).toEqual([]);
    const about = findings.map((finding) => finding.about);
    expect(about).toEqual(expect.arrayContaining(['Node', 'GPU', '@tensorflow/tfjs-core']));
    const absent = findings.find((finding) => finding.about === '@tensorflow/tfjs-node');
    expect(absent).toMatchObject({ status: 'notice', says: 'it is not installed' });
    expect(absent!.remedy).toMatch(/^npm install/);
  } finally {
    plain.remove();
  }
});

test('what is broken is found, each with its remedy', async () => {
  const broken = project();
  try {
    installTensorFlow(broken, '');
    broken.write('node_modules/@tensorflow/tfjs-core/package.json', '{"main":"m.js"}');
    const theirs = broken.write('node_modules/@tensorflow/tfjs-core/m.js', '');
    const findings = await examine({ resolveFrom: broken.folder });
    const wrong = findings.filter(({ status }) => status === 'wrong');
    expect(wrong.map(({ about }) => about)).toEqual([
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-node',
    ]);
    expect(wrong[0]!.says).toContain(theirs);
    expect(wrong[0]!.remedy).toMatch(/npm dedupe/);
    expect(wrong[1]!.remedy).toMatch(/elbo build-native/);
  } finally {
    broken.remove();
  }
});

test.each([
  ['null', 'notice', /no adapter/],
  [
    "{ info: { vendor: 'google', description: 'SwiftShader' } }",
    'notice',
    /a program.*SwiftShader/,
  ],
  ["{ info: { vendor: 'nvidia', description: 'L4' } }", 'fine', /its adapter is nvidia L4/],
])('the adapter of WebGPU is asked in a process of its own: %s', async (adapter, status, says) => {
  const it = project();
  try {
    it.write('node_modules/webgpu/package.json', '{"version":"0.6.2","type":"module"}');
    const main = `export const create = () => ({ requestAdapter: async () => (${adapter}) });`;
    it.write('node_modules/webgpu/index.js', main);
    const [finding] = await adapterFindings(it.folder);
    expect(finding).toMatchObject({ about: 'WebGPU', status });
    expect(finding!.says).toMatch(says);
  } finally {
    it.remove();
  }
});

test('Node from 23 on, a GPU, and variables that matter are told', () => {
  const at = (node: string) => nodeFindings({ ...process.versions, node })[0]!;
  expect(at('22.11.0').status).toBe('fine');
  expect(at('24.1.0')).toMatchObject({ status: 'notice' });
  expect(at('24.1.0').says).toMatch(/util\.isNullOrUndefined.*Elbo supplies it/);
  expect(gpuFindings(['NVIDIA L4, 550.1'])[0]).toMatchObject({ status: 'fine' });
  expect(variableFindings({ CUDA_VISIBLE_DEVICES: '-1', HOME: '/' })).toEqual([
    expect.objectContaining({ about: 'CUDA_VISIBLE_DEVICES', remedy: 'unset it to use a GPU' }),
  ]);
});
