"""Making the configuration: what the wizard's screens show and change, as plain values. Knows no widget."""
