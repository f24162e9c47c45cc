"""A person's desk: the work that waits for them, told by page, e-mail and calendar; saved views."""
