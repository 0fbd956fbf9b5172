# Port of /health and /metrics; requests arrive over NATS.
PORT=__port__
# Address the port is bound to.
HOST=127.0.0.1
# NATS, several addresses separated by commas, with this service's own user: nats://__name__:password@host:4222.
NATS_URL=nats://127.0.0.1:4222
# fatal, error, warn, info, debug, trace or silent.
LOG_LEVEL=info
# development, production or test.
NODE_ENV=development
# Calls worked on at once; more wait for a moment, or are refused.
MAX_IN_FLIGHT=32
# An OTLP collector for traces (http://127.0.0.1:4318); without it none are recorded. Of the requests that bring no trace, the share that is.
OTEL_EXPORTER_OTLP_ENDPOINT=
OTEL_TRACES_SAMPLER_ARG=1
