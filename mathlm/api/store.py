"""The store: append-only records of what was answered, and the cache of verdicts; SQLite or PostgreSQL.

Contract. `await add(records)` returns their ids once they are committed, so that what was answered is still
known after `kill -9`. One thread writes; what comes while it commits goes into the next transaction together
(group commit). Ids grow in the order of the commits of one server. Nothing is changed or deleted.
`find(key)` gives the document of a verdict that was kept by `Record.cache_key`; those used lately are in
memory.
SQLite is in WAL mode with `synchronous=NORMAL`: what is committed outlives the end of any process; a power
cut may take the last moments' records, and leaves the others whole. (`FULL` waits for the disk, 2 ms for each
answer.)

Units: `at` is seconds since 1970. Errors: `InfraError` when the database cannot be reached or written;
UsageError for a URL that cannot be used. Not covered: migrations, and clearing old records.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import os
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnection

from mathlm.errors import InfraError, UsageError

GROUP = 1000
"""Records of one transaction, at most."""
CHARACTERS = 256_000_000
"""Of the verdicts in memory, at most."""
CLIENT_CHARACTERS = 200
DOWN = (OperationalError, InterfaceError, NoConnection)
"""The database's own failures: no record is at fault."""
TABLES = sql.MetaData()
RECORDS = sql.Table(
    "records",
    TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("at", sql.Double, nullable=False),
    sql.Column("client", sql.String(CLIENT_CHARACTERS), nullable=False),
    sql.Column("kind", sql.String(32), nullable=False),
    sql.Column("status", sql.String(32), nullable=False),
    sql.Column("reason", sql.String(32)),
    sql.Column("seconds", sql.Double, nullable=False),
    sql.Column("cached", sql.Boolean, nullable=False),
    sql.Column("source", sql.String(64), nullable=False),
    sql.Column("statement", sql.String(64)),
    sql.Column("document", sql.Text, nullable=False),
    sql.Index("records_of_client", "client", "id"),
)
TEXTS = sql.Table(
    "texts",
    TABLES,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("text", sql.Text, nullable=False),
)
VERDICTS = sql.Table(
    "verdicts",
    TABLES,
    sql.Column("key", sql.String(64), primary_key=True),
    sql.Column("document", sql.Text, nullable=False),
)
KEYS = sql.Table(
    "keys",
    TABLES,
    sql.Column("id", sql.String(16), primary_key=True),
    sql.Column("name", sql.String(200), nullable=False),
    sql.Column("hash", sql.String(64), nullable=False),
    sql.Column("at", sql.Double, nullable=False),
    sql.Column("concurrency", sql.Integer),
    sql.Column("per_minute", sql.Integer),
    sql.Column("revoked", sql.Boolean, nullable=False, default=False),
)

# Made once: SQLAlchemy remembers on a statement how it is compiled.
FIND = sql.select(VERDICTS.c.document).where(VERDICTS.c.key == sql.bindparam("name"))
ADD = sql.insert(RECORDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One answer.

    Example: `Record(client="local", kind="judge", status="accepted", seconds=0.1, source="…")`
    """

    client: str
    kind: str
    status: str
    seconds: float
    source: str = field(repr=False)
    reason: str | None = None
    cached: bool = False
    statement: str | None = field(default=None, repr=False)
    document: Any = field(default=None, repr=False)
    cache_key: str | None = None
    """Where the document is kept for the next who asks; None for what must not be."""


def connect(url: str) -> sql.Engine:
    """The database, with its tables."""
    try:
        local = url.startswith("sqlite")
        more = (
            {"pool_size": 8, "max_overflow": 64} if local else {"pool_pre_ping": True}
        )  # nobody waits for one
        engine = sql.create_engine(url, **more)
        if engine.dialect.name == "sqlite":
            sql.event.listen(engine, "connect", _prepare_sqlite)
        elif engine.dialect.name != "postgresql":
            raise UsageError(f"--database takes SQLite and PostgreSQL, not {engine.dialect.name}")
        TABLES.create_all(engine)
        return engine
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise UsageError("--database is no URL such as sqlite:///file or postgresql+psycopg://…") from None
    except ImportError as error:
        raise UsageError(f"--database needs a driver ({error}): pip install 'mathlm[postgresql]'") from None
    except SQLAlchemyError as error:
        raise InfraError(f"the database cannot be used: {_cause(error)}") from None


@contextmanager
def reading(engine: sql.Engine) -> Iterator[sql.Connection]:
    """A connection whose errors are `InfraError`."""
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise InfraError(f"the database cannot be read: {_cause(error)}") from None


def _prepare_sqlite(connection: Any, _: object) -> None:
    for line in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {line}")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


@dataclass(slots=True)
class Order:
    """Records to be written, and who waits for what comes of it: their ids, or an error."""

    records: Sequence[Record]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[list[str]]
    ids: list[str] = field(default_factory=list)
    error: InfraError | None = None

    def tell(self) -> None:
        """Called in the loop of who waits."""
        if self.future.done():  # they went away
            return
        if self.error is None:
            self.future.set_result(self.ids)
        else:
            self.future.set_exception(self.error)


class Store:
    """See the module. `memory` is the number of verdicts kept there."""

    def __init__(self, url: str, *, memory: int = 100_000) -> None:
        self.engine = connect(url)
        insert = sqlite.insert if self.engine.dialect.name == "sqlite" else postgresql.insert
        self._add_texts = insert(TEXTS).on_conflict_do_nothing()
        self._add_verdicts = insert(VERDICTS).on_conflict_do_nothing()
        self._memory_size = memory
        self._memory: OrderedDict[str, str] = OrderedDict()
        self._characters = 0
        """Of all documents in memory."""
        self._lock = threading.Lock()
        self._known: OrderedDict[str, None] = OrderedDict()
        """Hashes of texts that are in the database for certain."""
        self._last = ""  # an id that is larger than all so far
        self._inbox: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="store", daemon=True)
        self._writer.start()

    async def add(self, records: Sequence[Record]) -> list[str]:
        """Keep the records; their ids, once they are committed."""
        loop = asyncio.get_running_loop()
        order = Order(records, loop, loop.create_future())
        self._inbox.put(order)
        return await order.future

    def in_memory(self, key: str) -> str | None:
        """The document of a verdict that was used lately. Never waits."""
        with self._lock:
            if (found := self._memory.get(key)) is not None:
                self._memory.move_to_end(key)
            return found

    async def kept(self, key: str) -> str | None:
        """The document of a verdict that is kept."""
        if self.engine.dialect.name == "sqlite":  # a third of a millisecond, less than a thread takes
            return self.find(key)
        return self.in_memory(key) or await asyncio.to_thread(self.find, key)

    def find(self, key: str) -> str | None:
        """The same. Waits for the database."""
        if (kept := self.in_memory(key)) is not None:
            return kept
        with self._reading() as connection:
            found: str | None = connection.scalar(FIND, {"name": key})
        if found is not None:
            self._remember(key, found)
        return found

    def page(self, *, client: str | None, after: str, limit: int, status: str | None) -> list[dict[str, Any]]:
        """Records, oldest first, without texts and documents; of every client for None."""
        columns = [column for column in RECORDS.c if column.name != "document"]
        query = sql.select(*columns).where(RECORDS.c.id > after).order_by(RECORDS.c.id).limit(limit)
        if client is not None:
            query = query.where(RECORDS.c.client == client)
        if status is not None:
            query = query.where(RECORDS.c.status == status)
        with self._reading() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def one(self, record: str, *, client: str | None) -> dict[str, Any] | None:
        """One record with its texts and its document."""
        source, statement = TEXTS.alias(), TEXTS.alias()
        query = (
            sql.select(RECORDS, source.c.text.label("source_text"), statement.c.text.label("statement_text"))
            .outerjoin(source, source.c.hash == RECORDS.c.source)
            .outerjoin(statement, statement.c.hash == RECORDS.c.statement)
            .where(RECORDS.c.id == record)
        )
        if client is not None:
            query = query.where(RECORDS.c.client == client)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return {**row._mapping, "document": json.loads(row.document)}

    def close(self) -> None:
        """Write what is waiting and let go of the database."""
        self._inbox.put(None)
        self._writer.join(timeout=10)
        self.engine.dispose()

    def _reading(self) -> AbstractContextManager[sql.Connection]:
        return reading(self.engine)

    def _remember(self, key: str, document: str) -> None:
        with self._lock:
            self._characters += len(document) - len(self._memory.get(key, ""))
            self._memory[key] = document
            self._memory.move_to_end(key)
            while len(self._memory) > self._memory_size or self._characters > CHARACTERS:
                self._characters -= len(self._memory.popitem(last=False)[1])

    def _write(self) -> None:
        """Body of the writing thread."""
        ended = False
        while not ended:
            waiting = [self._inbox.get()]
            while len(waiting) < GROUP and not self._inbox.empty():
                waiting.append(self._inbox.get())
            ended = None in waiting
            group = [item for item in waiting if item is not None]
            if group and not self._commit(group):
                for order in group:  # so that what is wrong with one fails no other
                    self._commit([order])

    def _commit(self, group: list[Order]) -> bool:
        """Write them in one transaction and tell those who wait, each loop once.

        False where one of several may be at fault: then nobody is told yet.
        """
        error, alone = None, len(group) == 1
        try:
            next_id = int(self._id(), 16)
            for order in group:
                order.ids = [f"{next_id + place:032x}" for place in range(len(order.records))]
                next_id += len(order.records)
            self._last = f"{next_id:032x}"
            flat = [record for order in group for record in order.records]
            names = itertools.chain.from_iterable(order.ids for order in group)
            rows = [_row(record, name) for record, name in zip(flat, names, strict=True)]
            self._insert(flat, rows)
        except Exception as raised:
            if not alone and not isinstance(raised, DOWN):
                return False
            cause = _cause(raised) if isinstance(raised, SQLAlchemyError) else type(raised).__name__
            error = InfraError(f"the records cannot be written: {cause}")
        loops: dict[asyncio.AbstractEventLoop, list[Order]] = {}
        for order in group:
            order.error = error
            loops.setdefault(order.loop, []).append(order)
        for loop, orders in loops.items():
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits
                loop.call_soon_threadsafe(_tell, orders)
        return True

    def _insert(self, records: list[Record], rows: list[dict[str, Any]]) -> None:
        texts: dict[str, str] = {}
        for record in records:
            for text in (record.source, record.statement):
                if text is not None and (name := digest(text)) not in self._known:
                    texts[name] = _storable(text)
        kept = {
            record.cache_key: row["document"]
            for record, row in zip(records, rows, strict=True)
            if record.cache_key is not None and not record.cached
        }
        with self.engine.begin() as connection:
            if texts:
                items = [{"hash": name, "text": text} for name, text in texts.items()]
                connection.execute(self._add_texts, items)
            if kept:
                items = [{"key": key, "document": document} for key, document in kept.items()]
                connection.execute(self._add_verdicts, items)
            connection.execute(ADD, rows)
        for name in texts:
            self._known[name] = None
        while len(self._known) > self._memory_size:
            self._known.popitem(last=False)
        for key, document in kept.items():
            self._remember(key, document)

    def _id(self) -> str:
        """A name that is larger than all before: milliseconds, then chance (as in a UUID of version 7)."""
        made = f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
        return max(made, self._last)


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(text: str) -> str:
    """The text without what a database refuses: zeros (PostgreSQL), and halves of surrogate pairs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _tell(orders: list[Order]) -> None:
    for order in orders:
        order.tell()


def _row(record: Record, name: str) -> dict[str, Any]:
    document = record.document
    if not isinstance(document, str):
        document = json.dumps(document, ensure_ascii=True)
    return {
        "id": name,
        "at": time.time(),
        "client": record.client[:CLIENT_CHARACTERS],
        "kind": record.kind,
        "status": record.status,
        "reason": record.reason,
        "seconds": record.seconds,
        "cached": record.cached,
        "source": digest(record.source),
        "statement": None if record.statement is None else digest(record.statement),
        "document": document,
    }
