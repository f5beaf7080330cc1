"""Plans, outcomes and history as text, Markdown and JSON: pure functions of values."""
