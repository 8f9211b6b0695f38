/-! Types of the file's own: structures, classes, inductive types and predicates, instances. -/

structure Point where
  x : Int
  y : Int

instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩

@[ext] theorem Point.ext' (p q : Point) (h : p.x = q.x) (g : p.y = q.y) : p = q := by
  cases p; cases q; simp_all

theorem Point.add_comm (p q : Point) : p + q = q + p :=
  Point.ext' _ _ (Int.add_comm p.x q.x) (Int.add_comm p.y q.y)

class Monoid' (α : Type u) extends Mul α where
  one : α
  mul_assoc (a b c : α) : a * b * c = a * (b * c)
  one_mul (a : α) : one * a = a
  mul_one (a : α) : a * one = a

theorem Monoid'.one_unique {α : Type u} [Monoid' α] (e : α) (h : ∀ a : α, e * a = a) : e = one := by
  rw [← mul_one e, h]

instance : Monoid' Nat where
  one := 1
  mul_assoc := Nat.mul_assoc
  one_mul := Nat.one_mul
  mul_one := Nat.mul_one

theorem nat_one : (Monoid'.one : Nat) = 1 := rfl

inductive Tree (α : Type u) where
  | leaf
  | node (l : Tree α) (a : α) (r : Tree α)

def Tree.mirror : Tree α → Tree α
  | .leaf => .leaf
  | .node l a r => .node r.mirror a l.mirror

def Tree.size : Tree α → Nat
  | .leaf => 0
  | .node l _ r => l.size + 1 + r.size

theorem Tree.mirror_mirror (t : Tree α) : t.mirror.mirror = t := by
  induction t with
  | leaf => rfl
  | node l a r hl hr => simp [mirror, hl, hr]

theorem Tree.size_mirror : ∀ t : Tree α, t.mirror.size = t.size
  | .leaf => rfl
  | .node l a r => by simp [mirror, size, size_mirror l, size_mirror r]; omega

inductive Path (r : α → α → Prop) : α → α → Prop where
  | refl (a) : Path r a a
  | step : r a b → Path r b c → Path r a c

theorem Path.trans (h : Path r a b) (g : Path r b c) : Path r a c := by
  induction h with
  | refl => exact g
  | step e _ ih => exact .step e (ih g)

theorem Path.map (f : α → β) {r : α → α → Prop} {s : β → β → Prop} (h : ∀ a b, r a b → s (f a) (f b))
    {a b : α} (p : Path r a b) : Path s (f a) (f b) := by
  induction p with
  | refl a => exact .refl _
  | step e _ ih => exact .step (h _ _ e) ih

inductive Vec (α : Type u) : Nat → Type u where
  | nil : Vec α 0
  | cons : α → Vec α n → Vec α (n + 1)

def Vec.toList : Vec α n → List α
  | .nil => []
  | .cons a v => a :: v.toList

theorem Vec.length_toList : ∀ v : Vec α n, v.toList.length = n
  | .nil => rfl
  | .cons _ v => congrArg (· + 1) v.length_toList

inductive Colour where
  | red | green | blue
deriving DecidableEq

theorem three_colours (c : Colour) : c = .red ∨ c = .green ∨ c = .blue := by cases c <;> simp
theorem red_is_not_green : Colour.red ≠ Colour.green := by decide

mutual
inductive Even : Nat → Prop where
  | zero : Even 0
  | succ : Odd n → Even (n + 1)
inductive Odd : Nat → Prop where
  | succ : Even n → Odd (n + 1)
end

mutual
theorem Even.half : Even n → ∃ m, n = 2 * m
  | .zero => ⟨0, rfl⟩
  | .succ h => have ⟨m, e⟩ := h.half; ⟨m + 1, by omega⟩
theorem Odd.half : Odd n → ∃ m, n = 2 * m + 1
  | .succ h => have ⟨m, e⟩ := h.half; ⟨m, by omega⟩
end

abbrev Positive := { n : Nat // 0 < n }
theorem positive_product (a b : Positive) : 0 < a.1 * b.1 := Nat.mul_pos a.2 b.2

def Injective (f : α → β) : Prop := ∀ a b, f a = f b → a = b
theorem Injective.comp {g : β → γ} {f : α → β} (hg : Injective g) (hf : Injective f) : Injective (g ∘ f) :=
  fun a b h => hf a b (hg _ _ h)
theorem cantor (f : α → α → Prop) : ∃ s : α → Prop, ∀ a, f a ≠ s :=
  ⟨fun a => ¬f a a, fun a h => by
    have g : f a a = ¬f a a := congrFun h a
    by_cases k : f a a
    · exact (g ▸ k) k
    · exact k (g.symm ▸ k)⟩
