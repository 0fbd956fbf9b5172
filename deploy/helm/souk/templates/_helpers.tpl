{{/* What is given to each part: dict "root" $ "app" "gateway" */}}
{{- define "souk.name" -}}
{{ .root.Release.Name }}-{{ .app }}
{{- end }}

{{- define "souk.selector" -}}
app.kubernetes.io/name: {{ .app }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "souk.labels" -}}
{{ include "souk.selector" . }}
app.kubernetes.io/part-of: souk
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "souk.meta" -}}
name: {{ include "souk.name" . }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "souk.labels" . | nindent 2 }}
{{- end }}

{{/* Where an app's figures are. */}}
{{- define "souk.metricsPort" -}}
{{ if .values.opsPort }}ops{{ else }}http{{ end }}
{{- end }}

{{/* What a container is left of its host's powers. */}}
{{- define "souk.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end }}
