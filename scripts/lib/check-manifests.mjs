// node check-manifests.mjs TOOLS FILE: whether each manifest of the file is what Kubernetes' schema says, with no key that it does not know.
// TOOLS is a folder in whose node_modules are kubernetes-models, typescript and yaml. Called by scripts/package check.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, file] = process.argv.slice(2);
const require = createRequire(join(tools, "x.js"));
const yaml = require("yaml");
const ts = require("typescript");

const manifests = yaml.parseAllDocuments(readFileSync(file, "utf8")).map(document => {
  if (document.errors.length > 0) throw document.errors[0];
  return document.toJS();
}).filter(Boolean);
if (manifests.length === 0) throw new Error(`${file}: there is no manifest`);

// A manifest as a literal of its type: excess properties of literals are errors.
const source = manifests.map((manifest, i) => {
  const folder = manifest.apiVersion.replace(/^(\w+\.)?(.*)/, "$1$2");
  const module = `kubernetes-models/${folder}/${manifest.kind}`;
  if (!existsSync(join(tools, "node_modules", `${module}.d.ts`))) throw new Error(`${file}: no ${manifest.kind} in ${manifest.apiVersion}`);
  return `import type { I${manifest.kind} as T${i} } from "${module}";\nexport const m${i}: T${i} = ${JSON.stringify(manifest, null, 1)};\n`;
}).join("\n");
const program = join(tools, "manifests.ts");
writeFileSync(program, source);
const found = ts.getPreEmitDiagnostics(ts.createProgram([program], {
  strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
}));
for (const one of found) {
  const at = one.file && one.start !== undefined ? one.file.text.split("\n")[one.file.getLineAndCharacterOfPosition(one.start).line].trim() : "";
  console.error(`${file}: ${at}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`);
}
if (found.length > 0) process.exit(1);
console.log(`${manifests.length} manifests: ${manifests.map(m => m.kind).join(", ")}`);
