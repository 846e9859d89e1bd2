"""Twisted as Synapse uses it: a resource that sets its headers and serializes its document for each request."""
import json
import sys

from twisted.internet import reactor
from twisted.web.resource import Resource
from twisted.web.server import Site

response = json.loads(sys.argv[1])
document = json.loads(response["body"])
# As in Synapse: no spaces, no escapes.
encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Document(Resource):
    isLeaf = True

    def render_GET(self, request):
        for name, value in response["headers"]:
            request.setHeader(name, value)
        return encoder.encode(document).encode("utf-8")


# Synapse turns this log off, too.
Site.log = lambda site, request: None
reactor.listenTCP(response["port"], Site(Document()), backlog=511, interface="127.0.0.1")
reactor.run()
