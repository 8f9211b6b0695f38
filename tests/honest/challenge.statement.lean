/-! What a challenge may bring along: structures, classes, instances, inductive and mutual types, universes. -/

universe u v
structure Graph (α : Type u) where
  edge : α → α → Prop
  symm : ∀ a b, edge a b → edge b a

inductive Graph.Walk {α : Type u} (g : Graph α) : α → α → Prop where
  | nil (a : α) : Walk g a a
  | cons {a b c : α} : g.edge a b → Walk g b c → Walk g a c

theorem Graph.Walk.trans {α : Type u} {g : Graph α} {a b c : α} (h : g.Walk a b) (k : g.Walk b c) : g.Walk a c := sorry
theorem Graph.Walk.symm {α : Type u} {g : Graph α} {a b : α} (h : g.Walk a b) : g.Walk b a := sorry

class Action (M : Type u) (α : Type v) [Mul M] where
  act : M → α → α
  mul_act : ∀ m n a, act (m * n) a = act m (act n a)

instance : Action Nat Nat := ⟨fun m a => m * a, Nat.mul_assoc⟩
theorem act_nat (a : Nat) : Action.act (3 : Nat) a = a + a + a := sorry

mutual
inductive Term : Type where
  | var : Nat → Term
  | app : Nat → Terms → Term
inductive Terms : Type where
  | nil : Terms
  | cons : Term → Terms → Terms
end

theorem Term.var_ne_app (n f : Nat) (l : Terms) : Term.var n ≠ Term.app f l := sorry

def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib (n + 1) + fib n

theorem fib_le (n : Nat) : fib n ≤ 2 ^ n := sorry
theorem fib_ten : fib 10 = 55 := sorry

namespace Sets
variable {α : Type u}
def Subset (s t : α → Prop) : Prop := ∀ a, s a → t a
infix:50 " ⊑ " => Subset
theorem antisymm (s t : α → Prop) (h : s ⊑ t) (k : t ⊑ s) : s = t := sorry
theorem refl (s : α → Prop) : s ⊑ s := sorry
end Sets
