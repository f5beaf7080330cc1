"""The embedded accounts: an AWS in this process, on loopback, for the demo and for the tests."""
