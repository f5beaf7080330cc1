"""Will a deployment work, and if not, which statement in which account denies it: the chain, and the checks."""
