{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "rootDir": "src",
    "outDir": "dist",
    "tsBuildInfoFile": "dist/.tsbuildinfo"
  },
  "include": ["src"],
  "references": [
    {
      "path": "../../libs/contracts"
    },
    {
      "path": "../../libs/platform"
    },
    {
      "path": "../../libs/rpc"
    }
  ]
}
