"""What one person asks for and another confirms: one way for all that needs two persons."""
