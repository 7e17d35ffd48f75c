// What tfjs-node calls, and Node has not had since version 23.
import util from 'node:util';

util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
