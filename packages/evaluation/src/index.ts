export { findCollapse, type Collapse, type CollapseOptions, type Sign } from './collapse.js';
export { compareSamples, type SampleComparison } from './compare_samples.js';
export { activeUnits, informationUsed, type InformationUsed } from './encoder_use.js';
