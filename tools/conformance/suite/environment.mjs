// Where the library's tests run: jasmine, and the gradients that they expect, which the library's entry for Node leaves
// out. Imported before a backend, and that before the tests, which are declared for the backends that are known by then.
import jasmineRequire from 'jasmine-core/lib/jasmine-core/jasmine.js';
import boot from 'jasmine-core/lib/jasmine-core/node_boot.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients';

export const jasmine = boot(jasmineRequire);
