// As in index.cjs.
const { runInThisContext } = require('node:vm')
const { createRequire } = runInThisContext('process').getBuiltinModule('node:module')
module.exports = { ...createRequire(__filename)('../dist/harness/fast-check/index.js') }
