"""Sends requests to servers as Synapse does: one JSON object a line on standard input, its outcome a line on standard
output."""

import json
import re
import sys
from types import SimpleNamespace

from netaddr import IPSet
from synapse.crypto.context_factory import FederationPolicyForHTTPS
from synapse.http.federation.matrix_federation_agent import MatrixFederationAgent
from synapse.util.clock import Clock
from twisted.internet import defer, reactor, stdio
from twisted.internet.ssl import Certificate, trustRootFromCertificates
from twisted.protocols.basic import LineReceiver
from twisted.web.client import readBody

US = "reader.example.net"
ca_file = sys.argv[1]

# What Synapse makes of federation_custom_ca_list, with the defaults of the other options.
with open(ca_file) as file:
    trust_root = trustRootFromCertificates([Certificate.loadPEM(file.read())])
policy = FederationPolicyForHTTPS(
    SimpleNamespace(
        tls=SimpleNamespace(
            federation_ca_trust_root=trust_root,
            federation_client_minimum_tls_version="1",
            federation_verify_certificates=True,
            federation_certificate_verification_whitelist=[],
        )
    )
)


async def read(server_name):
    # A new one each time: it keeps what it has read. All addresses are in this network namespace, so none is blocked.
    agent = MatrixFederationAgent(
        server_name=US,
        reactor=reactor,
        clock=Clock(reactor, server_name=US),
        tls_client_options_factory=policy,
        user_agent=b"Synapse/1.163.2",
        ip_allowlist=None,
        ip_blocklist=IPSet(),
    )
    uri = b"matrix-federation://%s/_matrix/federation/v1/version" % server_name.encode("ascii")
    outcome = {"delegatedServer": None, "reached": None, "error": None}
    try:
        response = await agent.request(b"GET", uri)
        outcome["reached"] = json.loads(await readBody(response))["reached"]
    except Exception as error:
        outcome["error"] = repr(error)
    # A server name with a port, and an address, have no well-known document.
    if not re.search(r":\d+$|^[\d.]+$|\]$", server_name):
        # From its cache.
        result = await agent._well_known_resolver.get_well_known(server_name.lower().encode("ascii"))
        if result.delegated_server is not None:
            outcome["delegatedServer"] = result.delegated_server.decode("ascii")
    return outcome


class Tasks(LineReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 1 << 20

    def lineReceived(self, line):
        task = json.loads(line)

        def succeed(outcome):
            self.sendLine(json.dumps({"id": task["id"], "value": outcome}).encode())

        def fail(failure):
            self.sendLine(json.dumps({"id": task["id"], "error": failure.getErrorMessage()}).encode())

        defer.ensureDeferred(read(task["serverName"])).addCallbacks(succeed, fail)

    def connectionLost(self, reason=None):
        if reactor.running:
            reactor.stop()


stdio.StandardIO(Tasks())
reactor.run()
