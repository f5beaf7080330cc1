"""CodeBuild projects, as far as they read and write artifacts."""

from __future__ import annotations

from reconcile.change import Address
from reconcile.proof.sights.protocol import Document, Sight
from reconcile.reads import Reads


def _project(reads: Reads, address: Address) -> Document | None:
    """BatchGetProjects: ``{"role", "key"}``; ``key`` is empty where the project names none of its own."""
    answer = reads(address.account, "codebuild", "batch_get_projects", region=address.region, names=[address.name])
    if not answer["projects"]:
        return None
    project = answer["projects"][0]
    return {"role": project.get("serviceRole", ""), "key": project.get("encryptionKey", "")}


SIGHTS = (Sight("codebuild-project", ("codebuild",), _project),)
