"""An invented day with five invented papers, served through the same clients as the real services.

`transport` is the way in: it has the transports that the clients take in place of the network.
Nothing here opens a connection or needs a key, and no id, name, number or URL in it is real.
"""
