"""The wizard: one screen for each step of making the configuration."""

from xacct_tui.screens.wizard.opening import OpeningScreen

__all__ = ["OpeningScreen"]
