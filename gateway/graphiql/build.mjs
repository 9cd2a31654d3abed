// Bundles the GraphiQL page into static/: hashed names, gzip only, a manifest and the notices of what is inside.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, 'static');
// Beside the packages, because git ignores that folder already.
const building = join(here, 'node_modules', '.static-building');
const COMPRESSED = new Set(['.js', '.css', '.svg', '.ttf']);

const workers = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
};

function bundle(options) {
  return build({
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: building,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.ttf': 'file' },
    legalComments: 'none',
    metafile: true,
    jsx: 'automatic',
    logLevel: 'warning',
    ...options,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.USE_IMPORT': '"true"', ...options.define },
  });
}

function entryName(result, entry) {
  const [path] = Object.entries(result.metafile.outputs).find(([, made]) => made.entryPoint?.endsWith(entry));
  return path.split('/').at(-1);
}

async function packagesIn(results) {
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  const paths = inputs.map((input) => input.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(paths.filter(Boolean))].sort();
}

async function notice(path) {
  const folder = join(here, path);
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file));
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  return `${name} ${version} (${license})\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}

async function compress(file) {
  const path = join(building, file);
  if (!COMPRESSED.has(extname(file))) return;
  await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
  await rm(path);
}

await rm(building, { recursive: true, force: true });
await mkdir(building, { recursive: true });

const workerBuilds = await Promise.all(
  Object.entries(workers).map(async ([label, entry]) => {
    const result = await bundle({ entryPoints: [{ in: entry, out: `${label}.worker` }] });
    return [label, result, entryName(result, entry)];
  }),
);
const workerNames = Object.fromEntries(workerBuilds.map(([label, , name]) => [label, name]));
const page = await bundle({
  entryPoints: ['main.jsx'],
  splitting: true,
  define: { WORKERS: JSON.stringify(workerNames) },
});
const main = Object.values(page.metafile.outputs).find((made) => made.entryPoint === 'main.jsx');

const notices = await Promise.all((await packagesIn([page, ...workerBuilds.map(([, result]) => result)])).map(notice));
const rule = `\n${'-'.repeat(100)}\n\n`;
await writeFile(join(building, 'THIRD-PARTY-NOTICES.txt'), notices.join(rule));

const icon = await readFile(join(here, 'favicon.svg'));
const iconName = `favicon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(building, iconName), icon);

const assets = (await readdir(building)).filter((file) => !file.endsWith('.txt')).sort();
await Promise.all(assets.map(compress));
const manifest = {
  script: entryName(page, 'main.jsx'),
  style: main.cssBundle.split('/').at(-1),
  icon: iconName,
  assets,
};
await writeFile(join(building, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(output, { recursive: true, force: true });
await rename(building, output);
