import MathLM.Repl
import MathLM.Prepare
import MathLM.Tactics
open Lean

/-! How the embedded runtime keeps a ready server: see `verify/lean/freeze.cjs`. -/

unsafe def addressesOf : List (String × List ConstantInfo) → List (String × String)
  | [] => []
  | (key, constants) :: rest => (key, MathLM.jsonArray (MathLM.addresses constants)) :: addressesOf rest

/-- Readies the server and hands it to the host: what is written to `/dev/freeze` says where its closures are, and
in that moment `verify/lean/freeze.cjs` keeps the memory of the whole process. Workers go on from there, so
`main` never comes back from the write. -/
public unsafe def main : IO Unit := do
  MathLM.registerTactics
  let withPrelude (core : Environment) : IO (Option Environment) := do
    return some (← MathLM.elaboratePrelude core)
  -- the host writes the constants as text itself, from their addresses
  let server ← MathLM.newServer (fun constants => return addressesOf constants) withPrelude false
  -- through references, so that each closure is one object that outlives this function
  let answer ← IO.mkRef server.answerText
  let judge ← IO.mkRef (MathLM.Server.judge server)
  IO.FS.writeFile "/dev/freeze" (MathLM.jsonObject [("version", MathLM.quote Lean.versionString),
    ("answer", toString (ptrAddrUnsafe (← answer.get)).toNat),
    ("judge", toString (ptrAddrUnsafe (← judge.get)).toNat)])
  discard answer.get
  discard judge.get
