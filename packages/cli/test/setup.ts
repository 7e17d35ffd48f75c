// Runs before each file of tests: files share a process, and with it the modules that they have loaded.
import { afterAll } from 'vitest';
import { cleanUp } from './command.js';

afterAll(cleanUp);
