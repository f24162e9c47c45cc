"""What an agreement says of itself while it is still a draft: begun and edited by officers."""
