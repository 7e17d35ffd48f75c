import { builtinModules } from 'node:module';
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';
import { families, floors } from './tools/lib/floors.mjs';
import { nodePackages } from './tools/lib/hosts.mjs';
import {
  exactMath,
  noCircles,
  noMathRandom,
  noMethods,
  noModules,
  noTensorFlow,
} from './tools/lint-rules.mjs';

const sources = (...folders) => folders.map((folder) => `packages/${folder}/src/**/*.ts`);
const everySource = sources('*');

/** Sources that run in Node only: of a package for both hosts, what is in its folder `node`. */
const nodeSources = [...sources(...nodePackages), 'packages/*/src/node/**/*.ts'];

/** Sources whose functions run inside a pass, whose owner frees what they make. */
const passSources = [
  ...sources('networks', 'encoders', 'decoders', 'discriminators', ...families),
  'packages/objectives/src/terms/**/*.ts',
];

const seeded =
  'Draw noise from a key of @elbo/random: it is seeded, and the same on every backend.';
const samplers = [
  ...['multinomial', 'rand', 'randomGamma', 'randomNormal', 'randomStandardNormal'],
  ...['randomUniform', 'randomUniformInt', 'truncatedNormal', 'dropout'],
];
const builtins = builtinModules.filter((name) => !name.startsWith('_')).join('|');

const elbo = {
  rules: {
    'entry-points': noModules(
      /^@elbo\/(?!testing\/)[^/]+\/(?!node$)|^(\.\.\/){2,}[^./][^/]*\/(src|dist|test)\//,
      'Import another package by its name and entry point.',
    ),
    'node-prefix': noModules(
      new RegExp(`^(${builtins})$`),
      "Write 'node:' before the name of a module of Node.",
    ),
    browser: noModules(
      new RegExp(`^node:|^@elbo/(${nodePackages.join('|')})$|^@elbo/.*/node$|^\\.\\.?/(.*/)?node/`),
      'This runs in browsers too: what only Node has is in a folder `node`, or a package for Node.',
    ),
    pages: noModules(
      /^\.\.?\/(.*\/)?browser\//,
      'What only pages have is in a folder `browser`, and is imported there.',
    ),
    'no-circles': noCircles('This leads back here: put what both need into a module of its own.'),
    backends: noModules(
      /^@tensorflow\/tfjs-(backend|node)/,
      'Only @elbo/backends imports a backend.',
    ),
    'seeded-random': noMathRandom(seeded),
    'seeded-noise': noTensorFlow(samplers, seeded),
    'exact-math': exactMath('Its last bits differ between JavaScript engines.'),
    'await-reads': noMethods(
      ['dataSync', 'arraySync', 'bytesSync', 'readSync'],
      'Reads block or fail on GPU backends: await data().',
    ),
    'one-differentiator': noTensorFlow(
      ['grad', 'grads', 'valueAndGrad', 'valueAndGrads', 'variableGrads'],
      'Take gradients with gradientsOf or inputGradient of @elbo/gradients.',
    ),
    'no-tidy': noTensorFlow(
      ['tidy'],
      'A tidy inside a term or a network disposes what its pass still needs.',
    ),
  },
};

export default tseslint.config(
  {
    ignores: ['**/dist/', '**/generated/', '**/coverage/', '**/.elbo/', '.nx/', 'runs/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { plugins: { elbo } },
  {
    files: [
      'packages/*/{src,test,test-d}/**/*.ts',
      'tools/{reproductions,testing}/**/*.ts',
      'examples/**/*.ts',
    ],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      // One program for all of them: a project for each package's tsconfig.json would check most files many times.
      parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'elbo/entry-points': 'error',
      'elbo/node-prefix': 'error',
      'elbo/seeded-random': 'error',
    },
  },
  {
    // What must not compile is there on purpose, and nothing here runs.
    files: ['packages/*/test-d/*.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 3 }],
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: everySource,
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/elements': [{ type: 'package', pattern: 'packages/*', capture: ['name'] }],
      'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import'],
      'import/resolver': {
        typescript: {
          project: 'tsconfig.json',
          conditionNames: ['@elbo/source', 'node', 'types', 'import', 'default'],
        },
      },
    },
    rules: {
      'elbo/no-circles': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message: 'A package imports only from floors below its own (tools/lib/floors.mjs).',
          policies: floors.flatMap((floor, i) =>
            floor.map((name) => ({
              from: { element: { type: 'package', captured: { name } } },
              allow: {
                to: {
                  element: {
                    type: 'package',
                    captured: { name: [name, ...floors.slice(0, i).flat()] },
                  },
                },
              },
            })),
          ),
        },
      ],
      'elbo/seeded-noise': 'error',
      'elbo/await-reads': 'error',
    },
  },
  { files: sources('random'), rules: { 'elbo/exact-math': 'error' } },
  {
    files: everySource,
    ignores: sources('gradients'),
    rules: { 'elbo/one-differentiator': 'error' },
  },
  { files: passSources, rules: { 'elbo/no-tidy': 'error' } },
  {
    files: everySource,
    ignores: nodeSources,
    rules: {
      'elbo/browser': 'error',
      'no-restricted-globals': ['error', 'process', 'Buffer', '__dirname', '__filename', 'require'],
    },
  },
  {
    files: everySource,
    ignores: ['packages/*/src/browser/**'],
    rules: { 'elbo/pages': 'error' },
  },
  {
    files: everySource,
    ignores: sources('backends'),
    rules: { 'elbo/backends': 'error' },
  },
  {
    files: ['*.ts', 'packages/*/*.config.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
  },
  {
    files: ['tools/**/*.mjs', 'packages/*/{bench,scripts}/**/*.mjs', 'packages/*/bin/*.js', '*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['AbortController', 'Buffer', 'URL', 'console', 'performance', 'process'],
          ...['clearInterval', 'clearTimeout', 'fetch', 'setImmediate', 'setInterval'],
          ...['setTimeout', 'structuredClone', 'TextDecoder', 'TextEncoder', 'WebAssembly'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
