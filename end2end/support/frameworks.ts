// The hosts of examples/frameworks as one script each, as a platform's own build makes them.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';
import { root } from './places.js';

const isCustomElement = (tag: string): boolean => tag.startsWith('renova-');

function fromVue(source: string, filename: string): string {
  const { descriptor, errors } = parse(source, { filename });
  if (errors.length > 0) throw new Error(`${filename}: ${errors.map(String).join('\n')}`);
  const templateOptions = { compilerOptions: { isCustomElement } };
  return compileScript(descriptor, { id: basename(filename), inlineTemplate: true, templateOptions }).content;
}

const COMPILERS: Record<string, (source: string, filename: string) => string> = {
  vue: fromVue,
  svelte: (source, filename) => compile(source, { filename, generate: 'client' }).js.code,
};

const components: Plugin = {
  name: 'components',
  setup: ({ onLoad }) => {
    for (const [ending, compiled] of Object.entries(COMPILERS)) {
      onLoad({ filter: new RegExp(`\\.${ending}$`) }, async ({ path }) => ({
        contents: compiled(await readFile(path, 'utf8'), path),
        loader: 'js',
      }));
    }
  },
};

/** A host's script, with its framework inside. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'examples/frameworks', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    logLevel: 'error',
    nodePaths: [join(root, 'end2end/node_modules')],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [components],
  });
  return outputFiles[0]!.text;
}
