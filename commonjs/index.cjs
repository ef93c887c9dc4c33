// For `require`. jest gives each test file a realm of its own, in which a simulation would patch the wrong globals,
// and its `require` knows no ES modules: what is loaded here is Node's own, in the realm of the whole process.
const { runInThisContext } = require('node:vm')
const { createRequire } = runInThisContext('process').getBuiltinModule('node:module')
module.exports = { ...createRequire(__filename)('../dist/harness/index.js') }
