// What holds of the words of every command.
import { InvalidArgumentError, type Argument, type Command, type Option } from 'commander';

/** Refuses empty words wherever a command takes a value: what a script's empty variable leaves names nothing. */
export function refuseEmpty(command: Command): void {
  for (const option of command.options)
    if (option.required || option.optional) refuseEmptyOf(option);
  for (const argument of command.registeredArguments) refuseEmptyOf(argument);
  for (const each of command.commands) refuseEmpty(each);
}

function refuseEmptyOf(taken: Option | Argument): void {
  const parse = taken.parseArg;
  taken.argParser((text: string, before: unknown): unknown => {
    if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
    if (parse) return parse(text, before as never);
    return taken.variadic ? [...((before as readonly string[] | undefined) ?? []), text] : text;
  });
}

/**
 * The words as they are meant where help is asked for: `help data get` is `data get --help`. Of a command that is not there
 * no help is asked, so that what is wrong with it is said, and which is near.
 */
export function withoutHelp(program: Command, argv: readonly string[]): readonly string[] {
  const helps = argv[0] === 'help' && argv[1] !== undefined && !argv[1].startsWith('-');
  const words = helps ? argv.slice(1) : argv;
  let at = program;
  for (const [i, word] of words.entries()) {
    if (at.commands.length === 0 || word.startsWith('-') || word === 'help') break;
    const next = at.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (!next) return words.slice(0, i + 1);
    at = next;
  }
  return helps ? [...words, '--help'] : words;
}
