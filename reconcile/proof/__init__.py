"""Will a deployment work, and if not, which statement in which account denies it: the chain, and the checks.

sights/, looking   what only a proof reads, and how it follows the live pipeline to it
world, overlay     the accounts as a proof sees them, live or as a plan will leave them (planned)
route, chain/      the way of a deployment, hop by hop, with the exact requests and what is known of them (contexts)
judging, proving   each request decided by :mod:`reconcile.policy.evaluation`
planning           plans of deployments that want no more than that it works
"""
