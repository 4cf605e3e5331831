"""On the path of every process that the tests start: an address that is not this machine's ends the test."""

import sys

_HERE = ("127.", "::1", "localhost")


def _refuse(event: str, args: tuple[object, ...]) -> None:
    address: object = None
    if event == "socket.connect":
        address = args[1]
    elif event == "socket.getaddrinfo":
        address = (args[0],)
    if isinstance(address, tuple) and address and address[0] is not None:
        host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
        if not host.startswith(_HERE):
            raise OSError(f"a test reached for the network: {host}")


sys.addaudithook(_refuse)
