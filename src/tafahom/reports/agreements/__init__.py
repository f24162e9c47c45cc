"""An agreement on paper, in the official Persian layout."""
