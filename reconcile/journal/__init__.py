"""What was done: durable entries, and the locks that those who share a journal respect."""

from reconcile.journal.entry import Entry
from reconcile.journal.sqlite import Journal, open_journal

__all__ = ["Entry", "Journal", "open_journal"]
