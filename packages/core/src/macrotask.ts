/**
 * How long to compute between macrotasks, in ms. A page paints every 16: half of a frame is its own, and no stretch is one
 * of the long tasks (50 ms) that browsers warn of. In Node only signals and timers wait.
 */
export const breath: number = 'document' in globalThis ? 8 : 50;

/**
 * Lets timers, signals and painting run. A promise alone does not: on wasm and cpu `await tensor.data()` never leaves
 * the microtask queue.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      // Unlike setTimeout, a message is not held back to 4 ms in nested calls, nor to 1 s in a hidden tab.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }
  });
}
