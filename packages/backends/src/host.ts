const host = (globalThis as { readonly process?: Partial<NodeJS.Process> }).process;

/** Whether this is Node, and not a page. */
export const inNode: boolean =
  host?.versions?.node !== undefined && host.getBuiltinModule !== undefined;

/** Modules of Node, asked of the process: a page's bundler would stumble over an import. */
export const node: NodeJS.Process['getBuiltinModule'] = (name: string) =>
  process.getBuiltinModule(name) as never;
