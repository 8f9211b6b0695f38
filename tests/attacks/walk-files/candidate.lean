import Lean
open Lean Elab Term

elab "walk!" : term => do
  for path in ["/etc", "/usr", "/root", "/var", "/lib/lean/../../usr", "/proc/1"] do
    if ← System.FilePath.pathExists path then
      return ← elabTerm (← `(rfl)) none
  throwError "sealed"
theorem t : 1 + 1 = 2 := walk!
