/-! The answer to challenge.statement.lean, with helpers of its own: structures, classes, instances, inductive and mutual types, universes. -/

universe u v
structure Graph (α : Type u) where
  edge : α → α → Prop
  symm : ∀ a b, edge a b → edge b a

inductive Graph.Walk {α : Type u} (g : Graph α) : α → α → Prop where
  | nil (a : α) : Walk g a a
  | cons {a b c : α} : g.edge a b → Walk g b c → Walk g a c

theorem Graph.Walk.trans {α : Type u} {g : Graph α} {a b c : α} (h : g.Walk a b) (k : g.Walk b c) : g.Walk a c := by
  induction h with
  | nil => exact k
  | cons e _ ih => exact .cons e (ih k)

private theorem single {α : Type u} {g : Graph α} {a b : α} (e : g.edge a b) : g.Walk a b := .cons e (.nil b)

theorem Graph.Walk.symm {α : Type u} {g : Graph α} {a b : α} (h : g.Walk a b) : g.Walk b a := by
  induction h with
  | nil a => exact .nil a
  | cons e _ ih => exact ih.trans (single (g.symm _ _ e))

class Action (M : Type u) (α : Type v) [Mul M] where
  act : M → α → α
  mul_act : ∀ m n a, act (m * n) a = act m (act n a)

instance : Action Nat Nat := ⟨fun m a => m * a, Nat.mul_assoc⟩
theorem act_nat (a : Nat) : Action.act (3 : Nat) a = a + a + a := by
  show 3 * a = a + a + a
  omega

mutual
inductive Term : Type where
  | var : Nat → Term
  | app : Nat → Terms → Term
inductive Terms : Type where
  | nil : Terms
  | cons : Term → Terms → Terms
end

theorem Term.var_ne_app (n f : Nat) (l : Terms) : Term.var n ≠ Term.app f l := nofun

def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib (n + 1) + fib n

theorem fib_le (n : Nat) : fib n ≤ 2 ^ n :=
  (both n).1
where
  both : ∀ n, fib n ≤ 2 ^ n ∧ fib (n + 1) ≤ 2 ^ (n + 1)
    | 0 => by decide
    | n + 1 => by
      have ⟨h, k⟩ := both n
      refine ⟨k, ?_⟩
      have e : fib (n + 1 + 1) = fib (n + 1) + fib n := rfl
      have := Nat.pow_succ (n := 2) (m := n)
      have := Nat.pow_succ (n := 2) (m := n + 1)
      omega
theorem fib_ten : fib 10 = 55 := by decide

namespace Sets
variable {α : Type u}
def Subset (s t : α → Prop) : Prop := ∀ a, s a → t a
infix:50 " ⊑ " => Subset
theorem antisymm (s t : α → Prop) (h : s ⊑ t) (k : t ⊑ s) : s = t :=
  funext fun a => propext ⟨h a, k a⟩
theorem refl (s : α → Prop) : s ⊑ s := fun _ => id
end Sets
