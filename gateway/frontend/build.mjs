// Builds what the browser loads into gateway/static/built/, with the content's hash in every name, and
// writes manifest.json: {"ui.js": "ui-1A2B3C4D.js", ...}. The gateway reads names from there and nowhere else.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const gateway = path.join(here, "..");
const out = path.join(gateway, "static", "built");
const modules = path.join(here, "node_modules");
const manifest = {};

/** Every *.ts and *.css directly in a folder of the gateway: an entry of its own each. Their parts live in folders below. */
async function entries() {
  const folders = (await readdir(gateway, { withFileTypes: true })).filter((found) => found.isDirectory());
  const names = folders.map(({ name }) => name).filter((name) => !["frontend", "static"].includes(name));
  const files = names.map(async (name) => (await readdir(path.join(gateway, name))).map((file) => path.join(gateway, name, file)));
  return (await Promise.all(files)).flat().filter((file) => /\.(ts|css)$/.test(file));
}

/** Each entry with what only it needs; what several share goes into chunks. */
async function bundle() {
  const entryPoints = await entries();
  const { metafile } = await build({
    entryPoints,
    outdir: out,
    nodePaths: [modules],
    bundle: true,
    minify: true,
    sourcemap: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome107", "firefox110", "safari16"],
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    legalComments: "linked",
    loader: { ".woff2": "file", ".woff": "empty", ".svg": "file" },
    metafile: true,
    logLevel: "warning",
  });
  for (const [file, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const name = path.basename(file);
    if (entryPoint && /\.(js|css)$/.test(name)) {
      manifest[path.basename(entryPoint).replace(/\.ts$/, ".js")] = name;
    } else if (name.endsWith(".woff2")) {
      manifest[path.basename(Object.keys(inputs)[0])] = name;
    }
  }
}

/** One file with all icons named in icons.json, used as <svg><use href="…#name"></svg>. */
async function sprite() {
  const symbols = [];
  for (const name of JSON.parse(await readFile(path.join(here, "icons.json"), "utf8"))) {
    const svg = await readFile(path.join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`);
  }
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round"><!-- lucide, ISC licence -->${symbols.join("")}</svg>`;
  const name = `icons-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`;
  await writeFile(path.join(out, name), text);
  manifest["icons.svg"] = name;
}

/** Swagger UI comes ready to use: its files are copied under its own version. */
async function swagger() {
  const from = path.join(modules, "swagger-ui-dist");
  const { version } = JSON.parse(await readFile(path.join(from, "package.json"), "utf8"));
  await mkdir(path.join(out, `swagger-ui-${version}`));
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"]) {
    await cp(path.join(from, file), path.join(out, `swagger-ui-${version}`, file));
    manifest[`swagger-ui/${file}`] = `swagger-ui-${version}/${file}`;
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await bundle();
await sprite();
await swagger();
await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
