"""mathlm: machine-checked mathematical reasoning that anybody can run.

Start with `mathlm.types` (the records) and `mathlm.pipeline` (the arrow that they flow along).
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
