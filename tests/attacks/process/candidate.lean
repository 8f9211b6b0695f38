import Lean
open Lean Elab Term

elab "run!" : term => do
  for cmd in ["ls", "/bin/sh", "node", "curl"] do
    if let .ok _ ← (IO.Process.output { cmd, args := #[] }).toBaseIO then
      return ← elabTerm (← `(rfl)) none
  throwError "sealed"
theorem t : 1 + 1 = 2 := run!
