"""From what is there to a configuration: the library half of setting up, which asks, looks, proposes and writes.

    profiles               whom the AWS configuration files know, without a call       credentials.py
    identify               whose account a profile leads to                            identity.py
    connect                read-only access to accounts that no file names yet         identity.py
    inventory              what there is in an account                                 inventory.py
    draft_from_pipeline    a deployment as a live pipeline has it                      adopt.py
    draft_new              a deployment as the article has it                          draft.py
    draft_of               what a file says already                                    draft.py
    rename_accounts        a draft with accounts called otherwise                    draft.py
    fields                 labels and descriptions of what can be filled in            fields.py
    check                  what is wrong with a draft, by field                        draft.py
    write_toml, config_of  the file, and the configuration that it is                  writing.py

Nothing here writes to AWS, nor to a file.
"""

from reconcile.adoption.adopt import draft_from_pipeline
from reconcile.adoption.draft import Draft, Remark, check, draft_new, draft_of, rename_accounts
from reconcile.adoption.fields import Field, fields
from reconcile.adoption.identity import Identity, connect, identify
from reconcile.adoption.inventory import Inventory, Key, Role, inventory
from reconcile.adoption.pipeline import DeployAction, deploy_actions
from reconcile.adoption.writing import config_of, write_toml
from reconcile.credentials import Sessions
from reconcile.profiles import Profile, profiles

__all__ = [
    "DeployAction",
    "Draft",
    "Field",
    "Identity",
    "Inventory",
    "Key",
    "Profile",
    "Remark",
    "Role",
    "Sessions",
    "check",
    "config_of",
    "connect",
    "deploy_actions",
    "draft_from_pipeline",
    "draft_new",
    "draft_of",
    "fields",
    "identify",
    "inventory",
    "profiles",
    "rename_accounts",
    "write_toml",
]
