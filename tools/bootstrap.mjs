// Installs what is missing, then starts, tests or checks the project:
//   node tools/bootstrap.mjs start [ELBO TRAIN FLAGS] | test | check | nightly
// This file needs only what an old Node understands, so that it can say that Node is too old.
const needed = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `Elbo needs Node.js ${needed.join('.')} or newer, but this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  import('./lib/commands.mjs').then(({ main }) => main(process.argv.slice(2)));
}
