"""What AWS's policies decide of one request, and why: pure, in three values.

What is not known (a condition key, a session's name, a part of a resource's name, a policy that could not be read)
never leads to a wrong answer: the answer is UNKNOWN wherever it could be another one.
"""

from reconcile.policy.evaluation.decision import evaluate

__all__ = ["evaluate"]
