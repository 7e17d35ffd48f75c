import * as tf from '@tensorflow/tfjs-core';
import { AbsentError } from '../shared/absent.js';
import type { Loaded } from '../shared/candidate.js';
import { isSoftware } from '../shared/software.js';

const name = '@tensorflow/tfjs-backend-webgl';

/** What draws, as the browser tells it. */
function renderer(): string {
  const { gpgpu } = tf.backend() as unknown as {
    readonly gpgpu: { readonly gl: WebGLRenderingContext };
  };
  const extension = gpgpu.gl.getExtension('WEBGL_debug_renderer_info');
  const text: unknown = gpgpu.gl.getParameter(
    extension?.UNMASKED_RENDERER_WEBGL ?? gpgpu.gl.RENDERER,
  );
  return String(text);
}

/** The WebGL backend, where the page has imported it. */
export function loadWebgl(): Promise<Loaded> {
  if ((tf.findBackendFactory('webgl') as unknown) === null)
    return Promise.reject(
      new AbsentError(
        `the page has not imported it: npm install ${name}, and import '${name}' before selecting`,
      ),
    );
  return Promise.resolve({
    engineName: 'webgl',
    package: name,
    versions: { [name]: tf.version_core },
    threads: () => 1,
    device: () => (isSoftware(renderer()) ? 'cpu' : 'gpu'),
  });
}
