/** Packages that run in Node only. In all others, what only Node has is in the folder `src/node`. */
export const nodePackages = ['files', 'runs', 'parallel', 'experiments', 'cli'];
