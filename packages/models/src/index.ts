export { recipes, standard, standardAddress } from './standard.js';
