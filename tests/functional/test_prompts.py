"""The program on a terminal of 80 columns: what it asks, and what each answer and key does."""

import fcntl
import os
import pty
import re
import select
import struct
import termios

import pytest

# the terminal has to be the controlling one, so that Ctrl-C on it is a signal
PROGRAM = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from xacct_tui.cli import main
sys.exit(main())
"""
ENTER, CTRL_C, CTRL_D = "\n", "\x03", "\x04"
PATIENCE = 120
"""Seconds after which a text that does not come is missing."""


class Screen:
    """A terminal with the program on it."""

    def __init__(self, desk, *argv, **variables):
        self._keyboard, its_side = pty.openpty()
        fcntl.ioctl(its_side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), its_side)
        self._process = desk.start(
            *argv, program=("-c", PROGRAM), start_new_session=True, env=desk.environment() | variables, **streams
        )
        os.close(its_side)
        self.shown = ""
        self._seen = 0

    def wait_for(self, text):
        """Read until the text is shown after what was waited for before."""
        while text not in self.shown[self._seen :]:
            assert self._read(), f"{text!r} is missing in {self.shown}"
        self._seen = self.shown.index(text, self._seen) + len(text)

    def press(self, keys):
        os.write(self._keyboard, keys.encode())

    def end(self):
        """Read to the end; gives the exit code."""
        while self._read():
            pass
        os.close(self._keyboard)
        return self._process.wait(PATIENCE)

    def _read(self):
        ready, _, _ = select.select([self._keyboard], [], [], PATIENCE)
        assert ready, f"nothing more is shown: {self.shown}"
        try:
            read = os.read(self._keyboard, 65536)
        except OSError:  # nobody is on the other side any more
            read = b""
        self.shown += read.decode()
        return bool(read)


ANSWERS = {
    "y": ("y", ENTER, 0, "1 applied."),
    "N": ("N", ENTER, 1, "nothing was changed"),
    "Ctrl-D": ("", CTRL_D, 1, "nothing was changed"),
    "Ctrl-C": ("", CTRL_C, 130, "interrupted: nothing was applied or rolled back"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_change_is_applied_after_a_yes_and_nothing_else(desk, answer):
    text, key, code, told = ANSWERS[answer]
    screen = Screen(desk, "--apply", "website/artifact-statements")
    screen.wait_for("apply 1 change in dev (111111111111)? [y/N] ")
    screen.press(text + key)

    assert screen.end() == code
    assert re.search(rf"\[y/N\] [^\n]*\r\n(.*\n)*.*{re.escape(told)}", screen.shown), screen.shown
    statements = desk.accounts.client("dev", "s3").get_bucket_policy(Bucket="codepipeline-us-east-1-0123456789")
    assert ("222222222222" in statements["Policy"]) == (code == 0)
    assert ("\x1b[32mapplied" in screen.shown) == (code == 0)
    assert too_wide(screen.shown) == []


NAMES = {
    "the account's name": ("dev" + ENTER, 0),
    "another yes": ("y" + ENTER, 1),
    "Ctrl-C": (CTRL_C, 130),
}


@pytest.mark.parametrize("typed", NAMES)
def test_where_there_is_no_way_back_the_account_is_typed(empty_desk, typed):
    keys, code = NAMES[typed]
    screen = Screen(empty_desk, "--apply", "website/key")
    screen.wait_for("cannot be undone: KMS only schedules a deletion")
    screen.wait_for("[y/N] ")
    screen.press("y" + ENTER)
    screen.wait_for("type the account's name (dev) to go ahead: ")
    screen.press(keys)

    assert screen.end() == code
    assert len(empty_desk.accounts.client("dev", "kms").list_keys()["Keys"]) == (code == 0)
    assert too_wide(screen.shown) == []


def test_a_terminal_that_wants_no_colour_gets_none_and_a_word_on_what_comes_next(empty_desk):
    screen = Screen(empty_desk, "--plan", "--only", "website/deploy-role", NO_COLOR="1")

    assert screen.end() == 2
    assert "\r\n  + website/deploy-role" in screen.shown
    assert "\x1b[3" not in screen.shown
    assert "--apply applies this" in screen.shown


def too_wide(shown):
    """Lines of more than 80 columns that are not one long word, as ARNs are."""
    lines = re.sub(r"\x1b\[[0-9;]*[mK]", "", shown).replace("\r\n", "\n").split("\n")
    return [line for line in lines if len(line.rpartition("\r")[2]) > 80 and " " in line.strip()]
