// Modules that have to run again, since a mutant of theirs works while they are imported.

/** The modules that hold a file, and all that import them, however far up. */
function importersOf(evaluated, file) {
  const found = new Set(evaluated.getModulesByFile(file));
  for (const node of found)
    for (const id of node.importers) {
      const importer = evaluated.getModuleById(id);
      if (importer) found.add(importer);
    }
  return [...found];
}

/** Which of the files of tests import a file, however far down. */
export function testsOn({ workerState: { evaluatedModules } }, file, tests) {
  const ids = new Set(importersOf(evaluatedModules, file).map((node) => node.file));
  return tests.filter((test) => ids.has(test));
}

/** Has a file, and all that imports it, evaluated anew by whoever imports it next. */
export function forget({ workerState: { evaluatedModules } }, file) {
  for (const node of importersOf(evaluatedModules, file)) evaluatedModules.invalidateModule(node);
}
