// Builds what understanding runs in threads: the matrix product, and the programs.
import { main as compile } from 'assemblyscript/asc';
import { build } from 'esbuild';

const { error, stderr } = await compile([
  'src/meaning/kernel.as.ts',
  ...['--outFile', 'dist/kernel.wasm'],
  ...['--runtime', 'stub', '--enable', 'simd', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
]);
if (error) throw new Error(`The matrix product does not compile.\n${stderr}`, { cause: error });

await build({
  entryPoints: { embedder: 'src/meaning/thread.ts', knowledge: 'src/meaning/knowledgeThread.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});
