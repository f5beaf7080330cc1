"""The alias that people, and this tool, find the artifact key by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.kinds.protocol import Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found


class KeyAliasKind(Kind):
    """``{"target"}``: the ARN of the key that the alias stands for."""

    name = "key-alias"
    services = ("kms",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The alias stands for the key."""
        alias = deployment.key.alias
        if not alias:
            return
        yield Want(
            deployment=deployment.name,
            slug="key-alias",
            address=addresses.dev(config, deployment, self.name, f"kms:alias/{alias}"),
            part=Part("alias"),
            value={"target": addresses.key_arn(config, deployment)},
            title=f"{alias} stands for the key",
            requires=("key",),
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """DescribeKey by the alias."""
        asked = reads.start(address.account, "kms", "describe_key", region=address.region, KeyId=address.name)
        answer = found(asked, "NotFoundException")
        return {"target": answer["KeyMetadata"]["Arn"]} if answer else None

    def get(self, document: Document | None, part: Part) -> Value:
        """The document itself."""
        del part
        return document

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """The value itself."""
        del document, part
        return None if value is None else dict(value)

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """CreateAlias, UpdateAlias or DeleteAlias."""
        del tags
        alias = {"AliasName": address.name}
        if after is None:
            writes(address.account, "kms", "delete_alias", region=address.region, **alias)
            return ""
        operation = "create_alias" if before is None else "update_alias"
        writes(address.account, "kms", operation, region=address.region, TargetKeyId=after["target"], **alias)
        return ""


KIND = KeyAliasKind()
