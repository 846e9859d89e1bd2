"""Twisted as Synapse uses it: a resource that sets its headers and serialises its document for each request."""
import json
import sys

from twisted.internet import reactor
from twisted.web.resource import Resource
from twisted.web.server import Site

settings = json.loads(sys.argv[1])
answer = settings["answer"]
names, values = answer["headers"][::2], answer["headers"][1::2]
headers = [(name.encode(), value.encode()) for name, value in zip(names, values) if name.lower() != "content-length"]
document = json.loads(answer["body"])
# Like Synapse's: no spaces, no escapes.
encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Document(Resource):
    isLeaf = True

    def render_GET(self, request):
        for name, value in headers:
            request.setHeader(name, value)
        return encoder.encode(document).encode("utf-8")


class QuietSite(Site):
    def log(self, request):
        """Synapse turns this log off, too."""


reactor.listenTCP(settings["port"], QuietSite(Document()), backlog=511, interface="127.0.0.1")
reactor.run()
