// What a page calls; bundled for it when it is installed.
import { AutoDiscovery } from 'matrix-js-sdk/lib/autodiscovery.js'

globalThis.findClientConfig = serverName => AutoDiscovery.findClientConfig(serverName)
