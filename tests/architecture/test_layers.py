"""Who may import what (DESIGN.md, "The house"), read from the syntax trees."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.architecture.source import PACKAGES, ROOT, Module, modules, product

OWN_IMPORTS = {
    "verify": {"verify", "mathlm.types", "mathlm.errors"},
    "model": {"model", "mathlm.types", "mathlm.errors", "mathlm.prompts"},
}
"""What of the project a layer may import. `mathlm.prompts` holds the special tokens."""

LIBRARIES = {
    "mathlm": {"typer", "rich"},
    "verify": set(),
    "model": {"torch", "safetensors", "tokenizers", "numpy"},
}
"""Libraries that any file of a layer may import; `training` may import all of them."""

API = {"fastapi", "starlette", "pydantic"}
"""What any file of `mathlm/api` may import besides."""

HEAVY = {
    "mathlm/api/metrics.py": {"prometheus_client"},
    "mathlm/api/settings.py": {"pydantic_settings"},
    "mathlm/api/store.py": {"sqlalchemy"},
    "mathlm/api/keys.py": {"sqlalchemy"},
    "mathlm/api/server.py": {"uvicorn"},
    "mathlm/client/asynchronous.py": {"httpx"},
    "mathlm/client/calls.py": {"httpx"},
    "mathlm/client/synchronous.py": {"httpx"},
    "mathlm/cluster/actors.py": {"ray"},
    "mathlm/premises.py": {"bm25s", "numpy"},
    "mathlm/units.py": {"pint"},
    "model/attention.py": {"flash_attn"},
    "model/generation/hf.py": {"transformers"},
    "model/generation/vllm_engine.py": {"vllm"},
    "verify/lean/interact.py": {"lean_interact"},
    # These run inside the Python sandbox.
    "verify/python/answers.py": {"math_verify", "sympy"},
    "verify/python/expressions.py": {"sympy"},
}
"""The files that may import a heavy library, each with its own."""

TRAINING_VERBS = {
    "mathlm/cli/train.py",
    "mathlm/cli/data.py",
    "mathlm/cli/data_prepare.py",
    "mathlm/cli/data_roles.py",
    "mathlm/cli/loop.py",
}

SLOW = {
    "torch",
    "transformers",
    "sympy",
    "datasets",
    "matplotlib",
    "ray",
    "fastapi",
    "sqlalchemy",
    "math_verify",
    "vllm",
    "numpy",
    "pandas",
    "bm25s",
}


def is_below(name: str, allowed: set[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in allowed)


def own_imports(module: Module) -> set[str]:
    """Modules (not the names in them) of this project that the file imports."""
    found = {name for name in module.imports() if name.split(".")[0] in PACKAGES}
    return {
        name
        for name in found
        if name.split(".")[0] != name or not any(o.startswith(f"{name}.") for o in found)
    }


def libraries(module: Module) -> set[str]:
    roots = {name.split(".")[0] for name in module.imports()}
    return roots - set(PACKAGES) - set(sys.stdlib_module_names) - {"__future__"}


@pytest.mark.parametrize("layer", OWN_IMPORTS)
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    for module in modules(layer):
        wrong = {name for name in own_imports(module) if not is_below(name, OWN_IMPORTS[layer])}
        assert not wrong, f"{module.path} imports {sorted(wrong)}"


def test_only_the_training_verbs_import_training() -> None:
    for module in modules("mathlm"):
        if module.path not in TRAINING_VERBS:
            assert not {name for name in module.imports() if is_below(name, {"training"})}, module.path


def test_only_one_file_imports_ray() -> None:
    assert [module.path for module in product() if "ray" in libraries(module)] == ["mathlm/cluster/actors.py"]


def test_nothing_installed_imports_the_tests() -> None:
    for module in product():
        assert not {name for name in module.imports() if is_below(name, {"tests", "pytest"})}, module.path


@pytest.mark.parametrize("layer", LIBRARIES)
def test_libraries_are_imported_only_where_they_belong(layer: str) -> None:
    for module in modules(layer):
        served = API if module.path.startswith("mathlm/api/") else set()
        wrong = libraries(module) - LIBRARIES[layer] - served - HEAVY.get(module.path, set())
        assert not wrong, f"{module.path} imports {sorted(wrong)}: name it in HEAVY, or use another way"


def test_heavy_files_are_named_only_while_they_are_needed() -> None:
    by_path = {module.path: module for module in product()}
    for path, allowed in HEAVY.items():
        if path in by_path:
            assert allowed <= libraries(by_path[path]), f"{path} no longer imports all of {sorted(allowed)}"


@pytest.mark.parametrize("command", ["import mathlm", "from mathlm.cli.app import main; main(['--help'])"])
def test_help_loads_nothing_slow(command: str) -> None:
    program = f"import json, sys\n{command}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in json.loads(done.stderr)}
    assert not loaded & (SLOW | {"httpx", "model", "training", "verify"})


def test_verbs_load_nothing_slow_until_they_run() -> None:
    for module in modules("mathlm"):
        roots = {name.split(".")[0] for name in module.imports(top_level_only=True)}
        served = {"fastapi", "sqlalchemy"} if module.path.startswith("mathlm/api/") else set()
        spread = {"ray", "model"} if module.path.startswith("mathlm/cluster/") else set()
        slow = roots & (SLOW | {"model"}) - served - spread
        assert not slow, f"{module.path} imports {slow} at its top: import inside the function that needs it"
