"""`RemoteVerifier`: scripted where a server must misbehave, and in the place of Lean against the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathlm.cli.app import main
from mathlm.client import AsyncClient, Client, KeyRefused, RemoteVerifier, RequestRefused
from mathlm.errors import LimitHit, UsageError
from mathlm.types import Candidate, Reason, Status
from tests.mathlm.api.serving import KEY, Running
from tests.mathlm.client.contract import ContractServer
from verify.base import Limits
from verify.lean.vacuity import vacuous

LIMITS = Limits(seconds=30, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)
GOOD = "theorem t : 1 + 1 = 2 := by rfl"
HOLE = "theorem t (n : Nat) : n + 0 = n := by\n  sorry"


@pytest.fixture
def contract() -> Iterator[ContractServer]:
    with ContractServer() as server:
        yield server


@pytest.fixture
def lean(contract: ContractServer) -> Iterator[RemoteVerifier]:
    with RemoteVerifier(contract.url) as lean:
        yield lean


@pytest.fixture
def real(serving: Running) -> Iterator[RemoteVerifier]:
    with RemoteVerifier(serving.url, key=KEY) as lean:
        yield lean


def test_a_refusal_of_the_server_is_no_verdict_on_the_candidate(
    lean: RemoteVerifier, contract: ContractServer
) -> None:
    contract.failures += [("/v1/judge", 413, {})]
    assert lean.check(GOOD, limits=LIMITS).status is Status.INFRA_ERROR
    assert lean.check(GOOD, limits=LIMITS).accepted


def test_a_refused_key_needs_a_person() -> None:
    with ContractServer(key="secret") as server, RemoteVerifier(server.url, key="other") as lean:
        with pytest.raises(KeyRefused):
            lean.check(GOOD, limits=LIMITS)
        with pytest.raises(KeyRefused):
            lean.goals(HOLE, limits=LIMITS)


def test_steps_go_on_from_what_is_known(lean: RemoteVerifier, contract: ContractServer) -> None:
    for tactics in (("a",), ("a", "b"), ("a", "c"), ("a", "b")):
        assert lean.step(HOLE, hole=0, tactics=tactics, limits=LIMITS).goals == (f"after {tactics[-1]}",)
    assert len(contract.bodies("/v1/goals")) == 1
    assert [body["tactic"] for body in contract.bodies("/v1/goals/step")] == ["a", "b", "c"]


def test_a_state_that_expired_is_made_again(lean: RemoteVerifier, contract: ContractServer) -> None:
    lean.step(HOLE, hole=0, tactics=("a",), limits=LIMITS)
    contract.failures += [("/v1/goals/step", 410, {})]
    assert lean.step(HOLE, hole=0, tactics=("a", "done"), limits=LIMITS).goals == ()
    assert len(contract.bodies("/v1/goals")) == 2


def test_states_of_a_server_that_is_gone_are_made_again_elsewhere() -> None:
    with ContractServer() as second, ContractServer() as first:
        with RemoteVerifier([first.url, second.url]) as lean:
            lean.step(HOLE, hole=0, tactics=("a",), limits=LIMITS)
            first.failures += [("/v1/goals/step", 500, {})] * 9
            assert lean.step(HOLE, hole=0, tactics=("a", "b"), limits=LIMITS).goals == ("after b",)
        assert [body["tactic"] for body in second.bodies("/v1/goals/step")] == ["a", "b"]


def test_a_step_past_the_limits_is_a_limit(lean: RemoteVerifier, contract: ContractServer) -> None:
    contract.failures += [("/v1/goals/step", 422, {})]
    with pytest.raises(LimitHit):
        lean.step(HOLE, hole=0, tactics=("a",), limits=LIMITS)
    contract.failures += [("/v1/goals", 422, {})]
    with pytest.raises(LimitHit):
        lean.goals(HOLE, limits=LIMITS)


def test_a_hole_that_is_not_there(lean: RemoteVerifier) -> None:
    assert "no" in (lean.step(HOLE, hole=3, tactics=("a",), limits=LIMITS).error or "")


def test_the_library_is_not_offered(lean: RemoteVerifier) -> None:
    with pytest.raises(UsageError, match="--verifier"):
        lean.library(0, limits=LIMITS)


def test_real_verdicts(real: RemoteVerifier) -> None:
    assert real.toolchain.startswith("Lean 4")
    good, milliseconds = real.check_timed("theorem t : 2 + 2 = 4 := rfl", limits=LIMITS, describe=True)
    assert good.accepted and good.theorems[0].vacuous is False and milliseconds[0] > 0
    other = real.check(GOOD, statement="theorem t : 1 + 1 = 3 := sorry", limits=LIMITS)
    assert other.reason is Reason.STATEMENT_MISMATCH
    candidate = Candidate(
        kind="proof", source=GOOD, origin="test", formal_statement="theorem t : 1 + 1 = 2 := sorry"
    )
    assert real.verify(candidate, limits=LIMITS).accepted
    used = real.check(
        "theorem t (a b : Nat) : a + b = b + a := Nat.add_comm a b",
        limits=LIMITS,
        forbidden=("Nat.add_comm",),
    )
    assert used.reason is Reason.FORBIDDEN
    told: list[int] = []
    sources = [(GOOD, None), ("theorem t : 1 = 2 := rfl", None), ("theorem t : 1 = 1 := sorry", None)]
    many = real.check_many(sources, limits=LIMITS, progress=told.append)
    assert [verdict.reason for verdict in many] == [None, Reason.ELABORATION, Reason.SORRY]
    assert told == [1, 2, 3]


def test_real_goals_and_steps(real: RemoteVerifier) -> None:
    (hole,) = real.goals(HOLE, limits=LIMITS).holes
    assert (hole.line, hole.column) == (2, 2) and hole.goals == ("n : Nat\n⊢ n + 0 = n",)
    assert real.step(HOLE, hole=0, tactics=("rfl",), limits=LIMITS).goals == ()
    split = real.step(HOLE, hole=0, tactics=("induction n",), limits=LIMITS)
    assert len(split.goals) == 2 and split.error is None
    assert real.step(HOLE, hole=0, tactics=("exact 3",), limits=LIMITS).error
    assert vacuous(real, "theorem v (n : Nat) (h : n < n) : n = 7", limits=LIMITS) is True


def test_the_clients_against_the_real_server(serving: Running) -> None:
    statement = "theorem s (a b c : Nat) : a + b + c = c + b + a"

    async def work() -> None:
        async with AsyncClient(serving.url, key=KEY) as client:
            assert (await client.check(f"{statement} := by omega")).accepted
            events = [event async for event in client.prove_events(statement, search="automation")]
            assert events[-1].proof is not None and events[-1].proof.proof is not None
            assert [event.data["status"] for event in events if event.name == "attempt"][-1] == "accepted"

    asyncio.run(work())
    with Client(serving.url, key=KEY) as client:
        source = f"{statement} := by\n  omega"
        assert client.check(source).theorems[0].vacuous is False
        assert client.judge(source).cached
        (tactic,) = client.goals(source).tactics
        assert tactic.tactic == "omega" and tactic.state is not None
        stepped = client.step(tactic.state, "omega")
        assert stepped.goals == () and stepped.error is None
        assert "unknown" in (client.step(tactic.state, "exact unknown_name").error or "").lower()
        with pytest.raises(RequestRefused):
            client.check("")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def remote(serving: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line finds the server and its key in the environment."""
    monkeypatch.setenv("MATHLM_API_KEY", KEY)
    monkeypatch.setenv("MATHLM_VERIFIER", serving.url)


@pytest.mark.usefixtures("remote")
def test_check_and_prove_on_a_server(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    serving: Running,
) -> None:
    (tmp_path / "t.lean").write_text("theorem cli : 3 + 3 = 6 := rfl")
    before = serving.client().get("/v1/records").json()["records"]
    code, document = run(capsys, "check", str(tmp_path / "t.lean"))
    assert code == 0 and document["theorems"][0]["vacuous"] is False  # type: ignore[index]
    assert len(serving.client().get("/v1/records").json()["records"]) > len(before)
    code, document = run(capsys, "prove", "theorem s (a b : Nat) : a + b = b + a", "--no-model")
    assert code == 0 and document["proof"] is not None


@pytest.mark.usefixtures("remote")
def test_eval_on_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text('{"id": "a", "statement": "theorem s (a b : Nat) : a + b = b + a"}\n')
    code, summary = run(
        capsys, "eval", "prove", "--data", str(data), "--out", str(tmp_path / "run"), "--no-model",
        "--search", "automation",
    )  # fmt: skip
    assert code == 0 and summary["proved"] == 1


def test_options_that_a_server_decides_are_refused(
    tmp_path: Path, contract: ContractServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.lean").write_text(GOOD)
    command = ["check", str(tmp_path / "t.lean"), "--verifier", contract.url]
    assert main([*command, "--runtime", "embedded"]) == 2
    assert main([*command, "--paranoid"]) == 2
    assert "one kernel" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "t.lean"), "--verifier", "nowhere"]) == 2
    assert main(command) == 0
