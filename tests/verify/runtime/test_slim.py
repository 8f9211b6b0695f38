"""The edits to the runtime: a tiny module made by hand, run in the real Node, and text edits."""

from __future__ import annotations

import itertools
import json
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.errors import InfraError
from verify import runtime
from verify.runtime import slim


def section(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + slim.leb(len(body)) + body


def export(name: str, kind: int, index: int) -> bytes:
    return slim.leb(len(name)) + name.encode() + bytes([kind, index])


def tiny_module() -> bytes:
    """Functions returning 10, 11, 12 (only the second in the table, at 1), a global 1234, all exported."""
    bodies = b"".join(slim.leb(4) + bytes([0, 0x41, 10 + i, 0x0B]) for i in range(3))
    exports = b"".join(export(f"f{i}", 0, i) for i in range(3))
    exports += export("data", 3, 0) + export("table", 1, 0)
    return (
        b"\0asm\1\0\0\0"
        + section(1, bytes([1, 0x60, 0, 1, 0x7F]))
        + section(3, bytes([3, 0, 0, 0]))
        + section(4, bytes([1, 0x70, 1, 2, 2]))
        + section(6, bytes([1, 0x7F, 0, 0x41]) + slim.leb_signed(1234) + b"\x0b")
        + section(7, bytes([5]) + exports)
        + section(9, bytes([1, 0, 0x41, 1, 0x0B, 1, 1]))
        + section(10, bytes([3]) + bodies)
    )


def with_empty_imports(module: bytes) -> bytes:
    at = module.index(section(3, bytes([3, 0, 0, 0])))
    return module[:at] + section(2, b"\0") + module[at:]


def test_every_former_export_is_callable_through_the_table(tmp_path: Path) -> None:
    out, symbols = slim.slim_wasm(memoryview(with_empty_imports(tiny_module())), {"f0"})
    assert symbols["f1"] == 1 and symbols["data"] == 1234
    (tmp_path / "m.wasm").write_bytes(out)
    script = (
        "const fs=require('fs');const m=new WebAssembly.Module(fs.readFileSync(process.argv[1]));"
        "const i=new WebAssembly.Instance(m);const s=JSON.parse(process.argv[2]);"
        "console.log(JSON.stringify({exports:WebAssembly.Module.exports(m).map(e=>e.name),"
        "values:['f0','f1','f2'].map(n=>i.exports.table.get(s[n])())}))"
    )
    shown = subprocess.run(
        [str(runtime.node()), "-e", script, str(tmp_path / "m.wasm"), json.dumps(symbols)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(shown.stdout) == {"exports": ["f0", "table"], "values": [10, 11, 12]}


def test_not_a_module_is_said() -> None:
    with pytest.raises(InfraError, match="not a WebAssembly module"):
        list(slim.sections(memoryview(b"hello world")))


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_leb_round_trip(value: int) -> None:
    assert slim.Reader(memoryview(slim.leb(value))).u32() == value


@given(st.integers(min_value=-(2**31), max_value=2**31 - 1))
def test_signed_leb_round_trip(value: int) -> None:
    assert slim.Reader(memoryview(slim.leb_signed(value))).s32() == value


@given(st.dictionaries(st.text(max_size=8), st.integers(min_value=0, max_value=2**32 - 1), max_size=20))
def test_symbols_are_sorted_and_complete(symbols: dict[str, int]) -> None:
    data = slim.pack_symbols(symbols)
    (count,) = struct.unpack_from("<I", data)
    offsets = struct.unpack_from(f"<{count + 1}I", data, 4)
    values = struct.unpack_from(f"<{count}I", data, 8 + 4 * count)
    blob = data[8 + 8 * count :]
    names = [blob[a:b] for a, b in itertools.pairwise(offsets)]
    assert names == sorted(names)
    assert {n.decode(): v for n, v in zip(names, values, strict=True)} == symbols


@pytest.mark.parametrize("text", ["", "xx and xx"])
def test_an_edit_must_match_exactly_once(text: str) -> None:
    with pytest.raises(InfraError, match="expected one occurrence"):
        slim.replace_once(text, "xx", "y")


def test_unused_variables_are_dropped_from_the_glue() -> None:
    edits = ";".join(old for old, _ in slim.EDITS)
    glue = (
        f'{edits};var __dlsym_js=(a)=>{{}};__dlsym_js.sig="pppp";_used();'
        "var _used,_unused,wasmTable;function assignWasmExports(wasmExports){"
        '_used=Module["_used"]=wasmExports["used"];_unused=Module["_unused"]=wasmExports["unused"]}var rest;'
    )
    text, needed = slim.slim_glue(glue)
    assert "used" in needed and "unused" not in needed
    assert "_unused" not in text and 'wasmExports["used"]' in text
    assert all(new in text for _, new in slim.EDITS)
