// The same, as an ES module: where one imports node:http, Node loads all that it exports, undici's WebSocket included.
import 'node:http'
import './bare-http.cjs'
