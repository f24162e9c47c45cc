"""Renderers: each takes a ``ReportTable`` and returns bytes. They know no domain."""
