import Lean
open Lean
run_cmd do
  let map ← attributeMapRef.get
  attributeMapRef.set (map.erase `simp)
theorem first : True := trivial
