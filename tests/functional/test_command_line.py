"""The command line without a terminal, on the embedded accounts: what it prints, answers, and leaves behind."""

import json

import pytest

from xacct_tui.demo.scenarios import deploy_action_rewritten

ROLE = "website/deploy-role"
STATEMENTS = "website/artifact-statements"
ARTIFACTS = "codepipeline-us-east-1-0123456789"
PIPELINE = "crossaccountdeploy"


def pending(desk):
    document = json.loads(desk.call("--plan", "--format", "json").out)
    return {change["slug"] for change in document["changes"] if change["action"] in {"create", "update"}}


def written(desk):
    """What was called beyond reading."""
    reads = ("Get", "List", "Describe", "Head")
    return [call.name for call in desk.accounts.calls if not call.operation.startswith(reads)]


# --- plan ---


@pytest.mark.parametrize(("scenario", "code"), [("empty", 2), ("done", 0)])
def test_a_plan_says_how_the_accounts_stand(empty_desk, scenario, code):
    empty_desk.scenario(scenario)
    empty_desk.accounts.calls.clear()

    done = empty_desk.call("--plan", "--format", "json")

    assert (done.code, done.err) == (code, "")
    summary = json.loads(done.out)["summary"]
    assert (summary["create"] + summary["update"] == 0) == (code == 0)
    assert written(empty_desk) == []


def test_every_format_tells_the_same_plan(desk):
    text, markdown, document = (desk.call("--plan", "--format", name) for name in ("text", "markdown", "json"))

    assert {text.code, markdown.code, document.code} == {2}
    changes = json.loads(document.out)["changes"]
    waiting = [change["id"] for change in changes if change["action"] != "none"]
    assert len(waiting) == 8
    for name in waiting:
        assert f" {name} " in text.out
        assert f"| {name} |" in markdown.out
    assert "Plan: 7 to create, 1 to update, 11 in sync, 0 blocked, 0 unreadable." in text.out
    assert max(map(len, text.out.splitlines())) <= 120


def test_what_cannot_be_read_is_3_when_nothing_is_pending(empty_desk):
    empty_desk.scenario("done")
    empty_desk.accounts.faults.deny("iam:GetRole", "prod")

    done = empty_desk.call("--plan")

    assert done.code == 3
    assert "prod: iam:GetRole: AccessDenied: " in done.out


def test_only_narrows_the_plan_and_what_is_applied(desk):
    assert pending(desk) > {"trust-policy", "key-users"}
    shown = desk.call("--plan", "--only", "website/trust-policy", "--format", "json")
    assert [change["slug"] for change in json.loads(shown.out)["changes"]] == ["deploy-role", "trust-policy"]

    refused = desk.call("--apply", "--only", "website/trust-policy", "--yes")

    assert refused.code == 1
    assert "name them too: --apply website/deploy-role website/trust-policy" in refused.err
    assert not desk.role_exists()
    assert desk.call("--apply", "--only", "website/art*-s*", "--yes").code == 0
    assert "artifact-statements" not in pending(desk)


def test_an_account_alone_is_called_alone(empty_desk):
    empty_desk.accounts.calls.clear()

    done = empty_desk.call("--plan", "--account", "prod")

    assert done.code == 2
    assert {call.account for call in empty_desk.accounts.calls} == {"prod"}
    assert "not in scope" in done.out
    assert empty_desk.call("--apply", ROLE, "--account", "prod", "--yes").code == 0
    assert empty_desk.role_exists()


def test_profiles_replace_those_of_the_configuration(empty_desk):
    path = empty_desk.folder / "xacct.toml"
    path.write_text(path.read_text().replace('profile = "', 'profile = "nobody-has-'))

    without = empty_desk.call("--plan")
    mixed_up = empty_desk.call("--plan", "--profile", "dev=dev", "--profile", "prod=dev")
    given = empty_desk.call("--plan", "--profile", "dev=dev", "--profile", "prod=prod")

    assert without.code == 3
    assert "nobody-has-prod" in without.out
    assert mixed_up.code == 1
    assert "profile 'dev' belongs to account 111111111111" in mixed_up.err
    assert given.code == 2


# --- what cannot be used ---

CONFIGURATIONS = {
    "missing": (lambda path: path.unlink(), "there is no file 'xacct.toml'"),
    "a directory": (lambda path: (path.unlink(), path.mkdir()), "Is a directory"),
    "a loop of links": (lambda path: (path.unlink(), path.symlink_to(path)), "symbolic links"),
    "not UTF-8": (lambda path: path.write_bytes(b"# caf\xe9\n"), "xacct.toml:1: found the byte 0xE9"),
    "not TOML": (lambda path: path.write_text("[accounts\n"), "xacct.toml:1: found text that is not TOML"),
    "empty": (lambda path: path.write_text(""), "accounts: found nothing"),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("verb", [["--plan"], ["--apply", "--yes"]])
def test_a_configuration_that_cannot_be_used_is_one_clear_message(empty_desk, name, verb):
    spoil, message = CONFIGURATIONS[name]
    spoil(empty_desk.folder / "xacct.toml")
    empty_desk.accounts.calls.clear()

    done = empty_desk.call(*verb)

    assert (done.code, done.out) == (1, "")
    assert message in done.err
    assert all(line.startswith("xacct-tui: ") for line in done.err.splitlines())
    assert empty_desk.accounts.calls == []


def test_a_file_that_may_not_be_read(empty_desk):
    path = empty_desk.folder / "xacct.toml"
    path.chmod(0)
    if _readable(path):
        pytest.skip("this user may read every file")
    assert "Permission denied" in empty_desk.call("--plan").err


def _readable(path):
    try:
        path.read_bytes()
    except PermissionError:
        return False
    return True


def test_a_journal_that_cannot_be_used_stops_before_anything_is_written(empty_desk, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(empty_desk.folder / "xacct.toml"))
    done = empty_desk.call("--apply", ROLE, "--yes")
    assert done.code == 1
    assert "the journal cannot be used" in done.err
    assert not empty_desk.role_exists()


UNKNOWN = {
    "an id": (["--apply", "website/trust-polcy", "--yes"], "did you mean website/trust-policy"),
    "a glob": (["--apply", "shop/*", "--yes"], "no change is called 'shop/*'; --plan lists what there is"),
    "a deployment": (["--plan", "--only", "shop"], "--only 'shop'; --plan lists what there is"),
    "an account": (["--plan", "--account", "staging"], "there is dev and prod"),
    "a run": (["--rollback", "20200101T000000Z-0000", "--yes"], "--history lists what there is"),
    "no run of one's own": (["--rollback", "--yes"], "--history shows what it holds"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_that_means_nothing_is_told_with_what_there_is(empty_desk, name):
    argv, message = UNKNOWN[name]
    done = empty_desk.call(*argv)
    assert (done.code, done.out) == (1, "")
    assert message in done.err


# --- apply ---


def test_one_change_is_applied_and_rolled_back(empty_desk):
    before = pending(empty_desk)

    assert empty_desk.call("--apply", ROLE).code == 1
    assert not empty_desk.role_exists()
    applied = empty_desk.call("--apply", ROLE, "--yes")
    assert (applied.code, applied.err) == (0, "")
    assert applied.out.splitlines()[-1] == "1 applied."
    assert empty_desk.role_exists()
    assert pending(empty_desk) == before - {"deploy-role"}

    assert empty_desk.call("--rollback", ROLE).code == 1
    shown = empty_desk.call("--rollback", ROLE, "--dry-run")
    assert (shown.code, shown.out.splitlines()[0].split()[:2]) == (0, ["-", ROLE])
    assert empty_desk.role_exists()
    assert empty_desk.call("--rollback", ROLE, "--yes").code == 0
    assert not empty_desk.role_exists()
    assert pending(empty_desk) == before


def test_a_run_is_rolled_back_as_a_whole_and_a_change_that_others_rest_on_not_alone(empty_desk):
    assert empty_desk.call("--apply", ROLE, "website/output-access", "--yes").code == 0

    alone = empty_desk.call("--rollback", ROLE, "--yes")
    assert alone.code == 1
    assert "--rollback website/output-access" in alone.err
    assert empty_desk.role_exists()
    whole = empty_desk.call("--rollback", "--yes")

    assert (whole.code, whole.out.splitlines()[-1]) == (0, "2 rolled back.")
    assert not empty_desk.role_exists()


def test_history_tells_what_was_done_in_every_format(empty_desk):
    assert empty_desk.call("--history").out == "Nothing was applied yet.\n"
    empty_desk.call("--apply", ROLE, "--yes")
    empty_desk.call("--rollback", ROLE, "--yes")

    text, markdown, document = (empty_desk.call("--history", "--format", name) for name in ("text", "markdown", "json"))

    assert {text.code, markdown.code, document.code} == {0}
    entries = json.loads(document.out)["entries"]
    assert [(entry["state"], entry["undoes"], entry["undone"]) for entry in entries] == [
        ("done", None, True),
        ("done", 1, False),
    ]
    assert f"1  done  + {ROLE}  prod  rolled back since" in text.out
    assert f"2  done  - {ROLE}  prod  rolls back 1" in text.out
    assert len(markdown.out.splitlines()) == 4


def test_a_saved_plan_is_applied_as_it_was_reviewed(empty_desk):
    before = pending(empty_desk)
    assert empty_desk.call("--plan", "--only", ROLE, "--out", "plan.json").code == 2

    done = empty_desk.call("--apply", "--plan-file", "plan.json", "--yes")

    assert done.code == 0
    assert before - pending(empty_desk) == {"deploy-role"}


def test_a_saved_plan_does_not_overwrite_what_changed_since(desk):
    desk.call("--plan", "--only", STATEMENTS, "--out", "plan.json")
    desk.call("--apply", STATEMENTS, "--yes")
    s3 = desk.accounts.client("dev", "s3")
    policy = json.loads(s3.get_bucket_policy(Bucket=ARTIFACTS)["Policy"])
    (listing,) = [each for each in policy["Statement"] if each["Action"] == "s3:ListBucket"]
    listing["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    s3.put_bucket_policy(Bucket=ARTIFACTS, Policy=json.dumps(policy))
    found = s3.get_bucket_policy(Bucket=ARTIFACTS)["Policy"]

    done = desk.call("--apply", "--plan-file", "plan.json", "--yes")

    assert done.code == 1
    assert "changed since it was planned" in done.out
    assert s3.get_bucket_policy(Bucket=ARTIFACTS)["Policy"] == found


def test_a_saved_plan_of_another_configuration_is_refused(empty_desk):
    empty_desk.call("--plan", "--out", "plan.json")
    path = empty_desk.folder / "xacct.toml"
    path.write_text(path.read_text() + "# another\n")

    done = empty_desk.call("--apply", "--plan-file", "plan.json", "--yes")

    assert done.code == 1
    assert "make a new plan" in done.err
    assert not empty_desk.role_exists()


def test_an_execution_is_stopped_only_by_leave(empty_desk):
    empty_desk.scenario("done")
    deploy_action_rewritten(empty_desk.accounts)
    empty_desk.accounts.execution(PIPELINE, "InProgress")
    empty_desk.accounts.calls.clear()

    refused = empty_desk.call("--apply", "website/deploy-action-role", "--yes")
    assert refused.code == 1
    assert "add --allow-effects to go ahead" in refused.err
    assert written(empty_desk) == []
    allowed = empty_desk.call("--apply", "website/deploy-action-role", "--yes", "--allow-effects")

    assert allowed.code == 0
    assert written(empty_desk) == ["codepipeline:UpdatePipeline"]


@pytest.mark.parametrize("how", ["option", "configuration"])
def test_a_read_only_run_writes_nothing(empty_desk, how):
    empty_desk.accounts.calls.clear()
    if how == "configuration":
        path = empty_desk.folder / "xacct.toml"
        path.write_text(f"read_only = true\n{path.read_text()}")
    option = ["--read-only"] if how == "option" else []

    assert empty_desk.call("--plan", *option).code == 2
    for verb in (["--apply"], ["--rollback", "website/key"]):
        done = empty_desk.call(*verb, "--yes", *option)
        assert done.code == 1
        assert "this run is read-only" in done.err
    assert written(empty_desk) == []
