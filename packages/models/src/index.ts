export { encodeModel, type EncodeModelOptions } from './encode_model.js';
export { loadModel, type LoadedModel } from './load_model.js';
export type { ModelForm, ModelPart } from './model_format.js';
export { recipes, standard, standardAddress } from './standard.js';
