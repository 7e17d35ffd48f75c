export { main } from './program.js';
export { recipes, standard } from './standard.js';
