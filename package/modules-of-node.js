import { readFileSync } from 'node:fs'

/**
 * Loads Node's own modules as `require` does. With `import`, all getters of a module run: that of WebSocket in
 * node:http loads a client for it (Node 22 and later), which takes as long as a sixth of a check.
 */
export const modulesOfNode = {
  name: 'modules-of-node',
  setup ({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /^import (\w+|\{[^}]+\}) from '(node:.+)'$/gm,
        (_, names, module) => `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule('${module}')`
      ),
      loader: 'ts'
    }))
  }
}
