export { commonKinds } from './common_kinds.js';
export { fallingAdam, type FallingOptions } from './falling_adam.js';
export {
  aboutNetworks,
  chosenNetwork,
  networkEntries,
  sequenceEntries,
  type NetworkName,
} from './network_names.js';
export {
  inGames,
  inwards,
  networksFor,
  outwards,
  type Inwards,
  type NetworkChoice,
  type NetworksFor,
} from './networks_for.js';
export { count, layers, someLayers } from './options.js';
export { priorFor, priorNames, type PriorForOptions } from './prior_for.js';
export { defineRecipe, type Recipe } from './recipe.js';
export { areUnitImages } from './unit_images.js';
