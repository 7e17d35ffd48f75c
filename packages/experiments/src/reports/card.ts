import { formatShape, isConfig, printable, type Config } from '@elbo/core';
import { formatFigure, type Evaluation, type Headline } from '@elbo/report';
import { readEvaluations, readNotes } from '@elbo/runs';
import type { RowForm } from '../config/row_form.js';
import { parseRunConfig, type ResolvedConfig } from '../config/run_config.js';
import type { LoadedRun } from '../use/load_run.js';

/** What every card begins with: the metadata of a model hub, by which a card is told from a file of a person's. */
export const cardHead = '---\nlibrary_name: elbo\n';

/** A text of a run's files as one line of Markdown, that is no markup. */
function plain(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|]/g, '\\$&');
}

/** A text as code of Markdown, on lines of its own. */
const fenced = (text: string): string =>
  `\`\`\`sh\n${printable(text).replaceAll('`', "'")}\n\`\`\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** How the file is used, in the language of who reads it. */
function usage(file: string, { shape }: RowForm): string {
  if (file.endsWith('.onnx'))
    return `\`\`\`python\nimport onnxruntime\nsession = onnxruntime.InferenceSession('${file}')\nprint(session.get_modelmeta().description, [(i.name, i.shape) for i in session.get_inputs()])\n\`\`\``;
  if (file.endsWith('.json'))
    return `\`\`\`js\nconst model = await tf.loadGraphModel('${file}'); // of @tensorflow/tfjs\nconsole.log(model.metadata.description, model.inputs);\n\`\`\``;
  return `\`\`\`js\nconst { model, params } = await loadModel(await readFile('${file}'), standard); // of @elbo/models\nconst x = model.sample(params.primal, key(7), 16); // [16, ${shape.join(', ')}]\n\`\`\``;
}

/**
 * What a person should know of a run's model before using it, as a `README.md` beside its weights: the data, the figures with
 * their errors, the verdict of the diagnosis, warnings, and the command that repeats it.
 *
 * @param file The name of the weights.
 * @throws FileError for files of the run that are not whole.
 */
export async function modelCard(
  { run, rows, step, averaged }: Pick<LoadedRun, 'run' | 'rows' | 'step' | 'averaged'>,
  file: string,
): Promise<string> {
  const config = parseRunConfig(run.config, run.dir);
  const notes = await readNotes(run);
  const evaluations = await readEvaluations(run);
  const sections = [
    `${cardHead}tags:\n  - ${innermost(config.model, 'model').kind.replaceAll(/[^\w-]/g, '')}\n---`,
    `# ${plain(notes?.title ?? config.model.kind)}`,
    `The weights of step ${step}${averaged ? ', averaged over steps,' : ''} of a run${notes?.status === undefined ? '' : ` (${plain(notes.status)})`}, in \`${plain(file)}\`.`,
    '## Data',
    dataLines(config, rows),
    '## Figures',
    figures(notes?.headline ?? [], evaluations),
    '## Can its ELBO be trusted?',
    verdict(evaluations),
    ...(notes && notes.warnings.length > 0
      ? ['## Warnings', notes.warnings.map((warning) => `- ${plain(warning)}`).join('\n')]
      : []),
    '## Use',
    usage(file.replaceAll(/[^\w.-]/g, '_'), rows),
    '## Repeat',
    notes?.command === undefined
      ? 'From its `config.json`: `elbo train --config config.json`.'
      : fenced(notes.command),
    ...(notes
      ? [
          `Seed ${notes.provenance.seed}, ${plain(notes.provenance.backend)}, ${Object.entries(
            notes.provenance.versions,
          )
            .map(([name, version]) => `${plain(name)} ${plain(version)}`)
            .join(', ')}.`,
        ]
      : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What a config describes in the end: the model that is standardised, the data that are binarised. */
function innermost(config: Config, within: 'model' | 'data'): Config {
  const inner = config[within];
  return isConfig(inner) ? innermost(inner, within) : config;
}

function dataLines({ data }: ResolvedConfig, { shape, conditions, fields }: RowForm): string {
  const lines = (['train', 'validation', 'test'] as const).map((split) => {
    const { kind, source, digest } = innermost(data[split], 'data');
    const name = typeof source === 'string' ? source : kind;
    return `- ${split}: ${plain(name)}${typeof digest === 'string' ? ` (SHA-256 ${plain(digest)})` : ''}`;
  });
  return [
    `Rows of shape ${formatShape(shape)}${conditions === undefined ? '' : `, with conditions of ${conditions} values`}${fields ? `: the columns ${fields.map(({ name }) => plain(name)).join(', ')}` : ''}.`,
    '',
    ...lines,
  ].join('\n');
}

function figures(headline: readonly Headline[], evaluations: readonly Evaluation[]): string {
  const atEnd = headline.map((figure) => [
    plain(figure.label),
    plain(formatFigure(figure)),
    'at the end of training',
  ]);
  const measured = evaluations.flatMap(({ title, rows, figures: found }) =>
    found.map((figure) => [
      plain(figure.label),
      plain(formatFigure(figure)),
      `${plain(title)}, ${rows} held-out rows`,
    ]),
  );
  const all = [...atEnd, ...measured];
  if (all.length === 0) return 'None were measured. `elbo evaluate RUN` measures them.';
  return `± is one standard error over rows.\n\n${table(['figure', 'value', 'measured'], all)}`;
}

function verdict(evaluations: readonly Evaluation[]): string {
  const found = evaluations.find(({ metric }) => metric === 'diagnosis');
  const said = found?.figures.find(({ name }) => name === 'verdict');
  return found && said
    ? `The diagnosis of ${found.rows} held-out rows says: ${plain(String(said.value))}.${said.note === undefined ? '' : ` ${plain(said.note)}`}`
    : 'It was not tested. An adversary’s ELBO is an estimate: `elbo evaluate RUN --metric diagnosis` tests it.';
}
