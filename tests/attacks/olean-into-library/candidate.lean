import Lean
open Lean Elab Term

elab "write!" : term => do
  for path in ["/lib/lean/Evil.olean", "/lib/lean/Init.olean", "/lib/lean/Init/Prelude.olean"] do
    if let .ok _ ← (IO.FS.writeFile path "x").toBaseIO then
      return ← elabTerm (← `(rfl)) none
  throwError "sealed"
theorem t : 1 + 1 = 2 := write!
