{
  "name": "@souk/__name__",
  "version": "0.1.0",
  "private": true,
  "license": "MIT",
  "type": "module",
  "scripts": {
    "build": "tsc -b",
    "test": "vitest run -c ../../vitest.config.ts --mode unit",
    "integration": "vitest run -c ../../vitest.config.ts --mode integration"
  },
  "dependencies": {
    "@nestjs/common": "12.5.1",
    "@nestjs/core": "12.5.1",
    "@nestjs/microservices": "12.1.1",
    "@souk/contracts": "*",
    "@souk/platform": "*",
    "@souk/rpc": "*",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2",
    "zod": "4.6.7"
  },
  "nx": {
    "tags": [
      "type:app",
      "scope:__name__"
    ]
  }
}
