import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** The floors of the house, from the ground up: a package imports only from floors below its own. */
const floors = [
  ['random'],
  ['gradients', 'ops'],
  ['core', 'wasm'],
  ['objectives', 'networks', 'optimisers', 'datasets', 'backends'],
  ['training', 'encoders', 'decoders', 'discriminators'],
  ['vae', 'iwae', 'avb', 'aae', 'wvae', 'avae', 'gan'],
  ['evaluation'],
  ['runs', 'sweeps', 'parallel'],
  ['cli', 'studio'],
];

/** Packages that run in Node only, or have an entry that does, and so may import `node:` modules. */
const nodePackages = ['runs', 'sweeps', 'parallel', 'backends', 'cli', 'studio'];

const banned = (object, property, message) => ({ object, property, message });
const noise = 'Draw noise from a key of @elbo/random: it is seeded, and the same on every backend.';
const read = 'Reads block or fail on GPU backends: await data().';
const grads = 'Take gradients with gradientsOf or inputGradient of @elbo/gradients.';

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '.nx/', 'runs/'] },
  js.configs.recommended,
  {
    files: ['packages/*/{src,test}/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@elbo/*/*', '!@elbo/datasets/node'],
              message: 'Import a package by its entry point.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/elements': [{ type: 'package', pattern: 'packages/*', capture: ['name'] }],
      'import/resolver': {
        typescript: {
          project: 'packages/*/tsconfig.json',
          conditionNames: ['@elbo/source', 'types', 'import', 'default'],
        },
      },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
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
      'no-restricted-properties': [
        'error',
        banned('Math', 'random', noise),
        ...[
          'randomNormal',
          'randomUniform',
          'truncatedNormal',
          'randomGamma',
          'multinomial',
          'dropout',
          'rand',
        ].map((name) => banned('tf', name, noise)),
        ...['grad', 'grads', 'valueAndGrad', 'valueAndGrads', 'variableGrads', 'customGrad'].map(
          (name) => banned('tf', name, grads),
        ),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(dataSync|arraySync)$/]',
          message: read,
        },
      ],
    },
  },
  {
    // Portable bits: the last bits of these functions are the engine's own.
    files: ['packages/random/src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...[
          'random',
          'log',
          'log1p',
          'log2',
          'exp',
          'expm1',
          'cos',
          'sin',
          'tan',
          'pow',
          'tanh',
        ].map((name) => banned('Math', name, 'Its last bits differ between JavaScript engines.')),
      ],
    },
  },
  {
    files: [
      'packages/{encoders,decoders,discriminators,networks,objectives,vae,iwae,avb,aae,wvae,avae,gan}/src/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@tensorflow/tfjs-core',
              importNames: ['tidy'],
              message: 'A tidy inside a term or a network disposes what a pass still needs.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: nodePackages
      .map((name) => `packages/${name}/src/**`)
      .concat('packages/datasets/src/node/**'),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'This package runs in browsers too.' },
            {
              group: ['@tensorflow/tfjs-backend-*', '@tensorflow/tfjs-node*'],
              message: 'Only @elbo/backends and applications import a backend.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['tools/**/*.mjs', '*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        setImmediate: 'readonly',
        clearInterval: 'readonly',
        setInterval: 'readonly',
      },
    },
  },
);
