/** Each trains one family of models. */
export const families = ['vae', 'iwae', 'avb', 'aae', 'wvae', 'avae', 'gan'];

/** The floors of the house, from the ground up: a package imports only from floors below its own. */
export const floors = [
  ['random'],
  ['gradients', 'ops'],
  ['core', 'wasm'],
  ['files'],
  ['objectives', 'networks', 'optimisers', 'datasets', 'backends'],
  ['training', 'encoders', 'decoders', 'discriminators'],
  ['recipes'],
  families,
  ['models', 'evaluation', 'report'],
  ['runs', 'parallel', 'export'],
  ['experiments'],
  ['cli'],
];
