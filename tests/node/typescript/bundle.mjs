// Bundles one import of an installed package, and prints what is left.
//
//   node bundle.mjs FOLDER CODE    FOLDER holds node_modules with the package
import { build } from 'esbuild';

const [folder, code] = process.argv.slice(2);
const result = await build({
  stdin: { contents: code, resolveDir: folder, loader: 'js' },
  bundle: true,
  charset: 'utf8',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'error',
  write: false,
});
process.stdout.write(result.outputFiles[0].text);
