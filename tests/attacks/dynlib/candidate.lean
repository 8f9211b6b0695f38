import Lean
open Lean Elab Term

elab "load!" : term => do
  for path in ["/lib/x86_64-linux-gnu/libc.so.6", "/tmp/evil.so"] do
    if let .ok _ ← (Lean.loadDynlib path).toBaseIO then
      return ← elabTerm (← `(rfl)) none
  throwError "sealed"
theorem t : 1 + 1 = 2 := load!
