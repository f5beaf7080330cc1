"""Asks evaluators by other people about the generated cases, and records what they say: see CONTRIBUTING.md.

They are separate programs under licences of their own, installed apart from this project:
``npm install --prefix DIR @cloud-copilot/iam-simulate`` and ``pip install --target DIR reach-security``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from generated.article import changes  # noqa: E402
from generated.cases import Case, cases, fingerprint  # noqa: E402
from generated.vocabulary import COMMON, SORTS  # noqa: E402

FOLDER = HERE.parent / "cases" / "evaluation" / "oracle"
SEED, COUNT = 20261125, 4000
MANY = [key.name.lower() for keys in (COMMON, *(sort.keys for sort in SORTS)) for key in keys if key.many]


def main() -> None:
    """Writes the records: of the generated cases, and of the changes of the article's policies."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("iam_simulate", type=Path, help="the folder node_modules/@cloud-copilot/iam-simulate")
    options.add_argument("reach", type=Path, help="the folder that reach-security was installed into")
    chosen = options.parse_args()
    _record("verdicts", {"seed": SEED, "count": COUNT}, cases(SEED, COUNT), chosen)
    _record("article", {}, [each.case for each in changes()], chosen)


def _record(name: str, head: dict[str, int], made: list[Case], chosen: argparse.Namespace) -> None:
    simulate = ["node", str(HERE / "simulate.mjs"), str(chosen.iam_simulate)]
    reach = [sys.executable, str(HERE / "reach_verdicts.py")]
    verdicts = {
        _simulate_version(chosen.iam_simulate): _asked(simulate, made, {}),
        _reach_version(chosen.reach): _asked(reach, made, {"PYTHONPATH": str(chosen.reach)}),
    }
    record = {**head, "sha256": fingerprint(made), "verdicts": verdicts}
    (FOLDER / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")


def _asked(program: list[str], made: list[Case], environment: dict[str, str]) -> str:
    lines = "".join(json.dumps(json.loads(case.text()) | {"many": MANY}) + "\n" for case in made)
    asked = subprocess.run(
        program, input=lines, capture_output=True, text=True, check=False, env=os.environ | environment
    )
    if asked.returncode:
        sys.exit(asked.stderr)
    return "".join(asked.stdout.split())


def _simulate_version(folder: Path) -> str:
    return "@cloud-copilot/iam-simulate " + json.loads((folder / "package.json").read_text())["version"]


def _reach_version(folder: Path) -> str:
    (found,) = folder.glob("reach_security-*.dist-info")
    return found.name.removesuffix(".dist-info").replace("_", "-", 1).replace("-0", " 0")


if __name__ == "__main__":
    main()
