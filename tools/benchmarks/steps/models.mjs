/** The models that are timed; each peer builds those that it can. */
export const models = [
  'vae 784-400-20, batch 128',
  'vae 784-400-20, batch 512',
  'convolutional vae, batch 64',
  'four-pixel avb, batch 512',
  'avb with adaptive contrast 300-300, batch 128',
];
