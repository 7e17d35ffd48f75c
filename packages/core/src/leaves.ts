// In a file of its own: an index that named the package itself would carry it into every program, for it registers gradients.
export { flatten, leaves, unflatten, type Leaf } from '@elbo/gradients';
