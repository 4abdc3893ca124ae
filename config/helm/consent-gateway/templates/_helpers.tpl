{{- define "gateway.labels" -}}
app.kubernetes.io/name: consent-gateway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" }}-consent-gateway
{{- end }}

{{- define "gateway.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "gateway.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* The other pods by their names of the headless service, for pod I of LIST (ROOT I): one that names itself is refused by itself, and taken for silent. */}}
{{- define "gateway.others" -}}
{{- $root := index . 0 }}
{{- $own := index . 1 }}
{{- $name := include "gateway.name" $root }}
{{- range $i := until (int $root.Values.replicas) }}
{{- if ne $i $own }}
- {{ printf "http://%s-%d.%s.%s.svc:%d" $name $i $name $root.Release.Namespace (int $root.Values.network.node) }}
{{- end }}
{{- end }}
{{- end }}
