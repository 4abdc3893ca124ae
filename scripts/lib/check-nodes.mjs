// node check-nodes.mjs TOOLS FILE: whether each pod of the chart's set is told of all the others and not of itself, and may be reached by them.
// A node that is in its own list refuses itself and takes that for silence: all callers are then asked in full, for ever.
// TOOLS is a folder in whose node_modules is yaml. Called by scripts/package check.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, file] = process.argv.slice(2);
const yaml = createRequire(join(tools, "x.js"))("yaml");

const manifests = yaml.parseAllDocuments(readFileSync(file, "utf8")).map(document => document.toJS()).filter(Boolean);
const one = (kind, name) => manifests.find(manifest => manifest.kind === kind && manifest.metadata.name === name);
const set = manifests.find(manifest => manifest.kind === "StatefulSet");
const name = set.metadata.name;
const own = JSON.stringify(set.spec.selector.matchLabels);
const pods = [...Array(set.spec.replicas).keys()].map(i => `${name}-${i}`);
const secret = one("Secret", name);
const rules = one("NetworkPolicy", name)?.spec.ingress ?? [];

function expect(right, what) {
  if (!right) throw new Error(`${file}: ${what}`);
}

for (const pod of secret ? pods : []) {
  const node = yaml.parse(secret.stringData[`${pod}.yaml`]).node;
  expect(node.id === pod, `${pod} is called ${node.id}`);
  const others = (node.others ?? []).map(each => new URL(each));
  const named = others.map(each => each.hostname.split(".")[0]).sort();
  expect(named.join() === pods.filter(each => each !== pod).sort().join(), `${pod} is told of ${named}`);
  for (const each of others) {
    expect(each.hostname.split(".")[1] === set.spec.serviceName, `${each} is no name of the headless service`);
    expect(node.listen.endsWith(`:${each.port}`), `${pod} listens at ${node.listen}, and others are told ${each}`);
    const from = rules.filter(rule => rule.ports.some(port => port.port === Number(each.port) && port.protocol === "TCP"));
    expect(from.length === 1 && from[0].from?.length === 1 && JSON.stringify(from[0].from[0].podSelector?.matchLabels) === own && Object.keys(from[0].from[0]).length === 1,
      `port ${each.port} is not let in from the set's own pods alone`);
  }
  expect(others.length === 0 || one("Service", set.spec.serviceName).spec.publishNotReadyAddresses, "a node that is not ready has no name");
}
expect(secret || pods.length === 1, "several nodes without a configuration");
console.log(`${pods.length} node(s), each told of the others alone`);
