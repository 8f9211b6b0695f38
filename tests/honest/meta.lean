import Lean
open Lean Elab Tactic Term

theorem by_run_tac (a b : Nat) (_ : a = b) : b = a := by
  run_tac evalTactic (← `(tactic| (symm; assumption)))
theorem by_run_tac_do (p q : Prop) (_ : p) (_ : q) : p ∧ q := by
  constructor
  all_goals run_tac do
    evalTactic (← `(tactic| assumption))
theorem by_run_tac_step (n : Nat) : n + 0 = n := by
  run_tac
    let step ← `(tactic| simp)
    evalTactic step
theorem by_run_tac_state (n : Nat) (h : 0 < n) : n ≠ 0 := by
  run_tac do
    match (← get).goals with
    | [] => throwError "no goal"
    | _ => evalTactic (← `(tactic| omega))
theorem by_elab_term : 1 = 1 := by_elab
  elabTerm (← `(rfl)) none

elab "linear!" : tactic => do evalTactic (← `(tactic| omega))
theorem by_own_tactic (a b : Nat) : a + b = b + a := by linear!
elab "zero!" : term => return .lit (.natVal 0)
theorem by_own_term : zero! = 0 := rfl
