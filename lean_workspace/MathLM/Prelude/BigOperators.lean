import MathLM.Prelude.Finset

/-! Sums and products over finite sets, and their notation. -/

class AddCommMonoid (M : Type u) extends Add M, Zero M where
  protected add_assoc (a b c : M) : a + b + c = a + (b + c)
  protected add_comm (a b : M) : a + b = b + a
  protected zero_add (a : M) : 0 + a = a

class CommMonoid (M : Type u) extends Mul M, One M where
  protected mul_assoc (a b c : M) : a * b * c = a * (b * c)
  protected mul_comm (a b : M) : a * b = b * a
  protected one_mul (a : M) : 1 * a = a

instance addCommMonoidOfSemiring {α : Type u} [Lean.Grind.Semiring α] : AddCommMonoid α where
  zero := 0
  add_assoc := add_assoc
  add_comm := add_comm
  zero_add := zero_add

instance commMonoidOfCommSemiring {α : Type u} [Lean.Grind.CommSemiring α] : CommMonoid α where
  one := 1
  mul_assoc := mul_assoc
  mul_comm := mul_comm
  one_mul := one_mul

namespace Finset
variable {ι : Type u} {κ : Type w} {M : Type v}

def sum [AddCommMonoid M] (s : Finset ι) (f : ι → M) : M :=
  s.fold (fun a b => f a + b) (fun a b c => by
    show f a + (f b + c) = f b + (f a + c)
    rw [← AddCommMonoid.add_assoc, AddCommMonoid.add_comm (f a), AddCommMonoid.add_assoc]) 0

def prod [CommMonoid M] (s : Finset ι) (f : ι → M) : M :=
  s.fold (fun a b => f a * b) (fun a b c => by
    show f a * (f b * c) = f b * (f a * c)
    rw [← CommMonoid.mul_assoc, CommMonoid.mul_comm (f a), CommMonoid.mul_assoc]) 1

end Finset

/-- Types with finitely many elements. -/
class Fintype (α : Type u) where
  elems : Finset α
  complete : ∀ x : α, x ∈ elems

def Finset.univ {α : Type u} [Fintype α] : Finset α := Fintype.elems
@[simp, grind ←] theorem Finset.mem_univ {α : Type u} [Fintype α] (x : α) : x ∈ (univ : Finset α) :=
  Fintype.complete x
def Fintype.card (α : Type u) [Fintype α] : ℕ := (Finset.univ : Finset α).card

theorem nodup_finRange (n : ℕ) : (List.finRange n).Nodup := by
  refine List.pairwise_iff_getElem.2 fun i j hi hj h e => ?_
  simp at e; omega

instance (n : ℕ) : Fintype (Fin n) where
  elems := .ofNodup (List.finRange n) (nodup_finRange n)
  complete x := List.mem_finRange x

instance : Fintype Bool where
  elems := .ofNodup [true, false] (by simp)
  complete x := by cases x <;> simp

section
open Lean

syntax "∑ " term:max " ∈ " term (" with " term)? ", " term:67 : term
syntax "∑ " term:max " in " term ", " term:67 : term
syntax "∑ " ident (" : " term)? ", " term:67 : term
syntax "∏ " term:max " ∈ " term (" with " term)? ", " term:67 : term
syntax "∏ " term:max " in " term ", " term:67 : term
syntax "∏ " ident (" : " term)? ", " term:67 : term

macro_rules
  | `(∑ $x:term ∈ $s, $b) => `(Finset.sum $s (fun $x => $b))
  | `(∑ $x:term ∈ $s with $p, $b) => `(Finset.sum (Finset.filter (fun $x => $p) $s) (fun $x => $b))
  | `(∑ $x:term in $s, $b) => `(Finset.sum $s (fun $x => $b))
  | `(∑ $x:ident, $b) => `(Finset.sum Finset.univ (fun $x => $b))
  | `(∑ $x:ident : $t, $b) => `(Finset.sum Finset.univ (fun $x : $t => $b))
  | `(∏ $x:term ∈ $s, $b) => `(Finset.prod $s (fun $x => $b))
  | `(∏ $x:term ∈ $s with $p, $b) => `(Finset.prod (Finset.filter (fun $x => $p) $s) (fun $x => $b))
  | `(∏ $x:term in $s, $b) => `(Finset.prod $s (fun $x => $b))
  | `(∏ $x:ident, $b) => `(Finset.prod Finset.univ (fun $x => $b))
  | `(∏ $x:ident : $t, $b) => `(Finset.prod Finset.univ (fun $x : $t => $b))

@[app_unexpander Finset.sum] def unexpandSum : PrettyPrinter.Unexpander
  | `($(_) $s fun $x:ident ↦ $b) => `(∑ $x:ident ∈ $s, $b)
  | _ => throw ()

@[app_unexpander Finset.prod] def unexpandProd : PrettyPrinter.Unexpander
  | `($(_) $s fun $x:ident ↦ $b) => `(∏ $x:ident ∈ $s, $b)
  | _ => throw ()

end

namespace Finset

/-! ### Cardinality -/

section
variable {α : Type u} {β : Type v} {s t : Finset α} {a b : α}

@[simp] theorem card_empty : (∅ : Finset α).card = 0 := rfl
@[simp] theorem card_singleton (a : α) : ({a} : Finset α).card = 1 := rfl
@[simp] theorem card_range (n : ℕ) : (range n).card = n := List.length_range
@[simp] theorem card_ofNodup (l : List α) (h : l.Nodup) : (ofNodup l h).card = l.length := rfl
@[simp] theorem card_univ_fin (n : ℕ) : (univ : Finset (Fin n)).card = n := List.length_finRange
@[simp] theorem _root_.Fintype.card_fin (n : ℕ) : Fintype.card (Fin n) = n := List.length_finRange
@[simp] theorem _root_.Nat.card_Icc (a b : ℕ) : (Icc a b).card = b + 1 - a := List.length_range'
@[simp] theorem _root_.Nat.card_Ico (a b : ℕ) : (Ico a b).card = b - a := List.length_range'
@[simp] theorem _root_.Nat.card_Ioc (a b : ℕ) : (Ioc a b).card = b - a := List.length_range'
@[simp] theorem _root_.Nat.card_Ioo (a b : ℕ) : (Ioo a b).card = b - a - 1 := List.length_range'
@[simp] theorem _root_.Int.card_Icc (a b : ℤ) : (Icc a b).card = (b + 1 - a).toNat := by
  show (List.map _ _).length = _; simp
@[simp] theorem _root_.Int.card_Ico (a b : ℤ) : (Ico a b).card = (b - a).toNat := by
  show (List.map _ _).length = _; simp

theorem insert_eq_ofNodup [DecidableEq α] {l : List α} {h : l.Nodup} (m : ¬a ∈ l) :
    (Insert.insert a (ofNodup l h) : Finset α) = ofNodup (a :: l) (List.nodup_cons.2 ⟨m, h⟩) := by ext; simp

theorem card_insert_of_notMem [DecidableEq α] (h : ¬a ∈ s) : (Insert.insert a s).card = s.card + 1 := by
  revert h
  refine coe_ofList_induction (motive := fun s => ¬a ∈ s → (Insert.insert a s).card = s.card + 1) (fun l hl h => ?_) s
  rw [insert_eq_ofNodup h]; rfl

theorem card_eq_of_equiv_list {l : List α} (h : l.Nodup) (e : ∀ a, a ∈ s ↔ a ∈ l) : s.card = l.length := by
  have : s = ofNodup l h := by ext; simp [e]
  rw [this]; rfl

@[simp] theorem card_eq_zero : s.card = 0 ↔ s = ∅ := by
  refine coe_ofList_induction (motive := fun s => s.card = 0 ↔ s = ∅) (fun l hl => ?_) s
  constructor
  · intro h
    have : l = [] := List.length_eq_zero_iff.1 h
    subst this; rfl
  · intro h; rw [h]; rfl

theorem card_le_card (h : s ⊆ t) : s.card ≤ t.card := by
  revert h
  refine coe_ofList_induction (motive := fun s => s ⊆ t → s.card ≤ t.card) (fun l hl => ?_) s
  refine coe_ofList_induction (motive := fun t => ofNodup l hl ⊆ t → _ ≤ t.card) (fun l' _ h => ?_) t
  show l.length ≤ l'.length
  exact List.length_le_of_nodup_of_subset hl fun a m => h m

theorem eq_of_subset_of_card_le [DecidableEq α] (h : s ⊆ t) (c : t.card ≤ s.card) : s = t := by
  refine Subset.antisymm h fun a ha => Classical.byContradiction fun n => ?_
  have := card_le_card (s := Insert.insert a s) (t := t) fun b m => by
    rcases mem_insert.1 m with rfl | m
    · exact ha
    · exact h m
  rw [card_insert_of_notMem n] at this
  omega

end

/-! ### Sums and products -/

section
variable {ι : Type u} {κ : Type w} {M : Type v} [AddCommMonoid M] {s t : Finset ι} {f g : ι → M}

@[simp] theorem sum_empty : ∑ x ∈ (∅ : Finset ι), f x = 0 := rfl

@[simp] theorem sum_insert [DecidableEq ι] {a : ι} (h : ¬a ∈ s) :
    ∑ x ∈ Insert.insert a s, f x = f a + ∑ x ∈ s, f x := by
  revert h
  refine coe_ofList_induction (motive := fun s => ¬a ∈ s → ∑ x ∈ Insert.insert a s, f x = f a + ∑ x ∈ s, f x) (fun l hl h => ?_) s
  rw [insert_eq_ofNodup h]; rfl

theorem sum_congr (h : s = t) (e : ∀ x, x ∈ t → f x = g x) : s.sum f = t.sum g := by
  classical
  subst h
  induction s using Finset.induction_on with
  | empty => rfl
  | insert n ih =>
    rw [sum_insert n, sum_insert n, e _ (mem_insert_self _ _), ih fun x hx => e x (mem_insert_of_mem hx)]

theorem sum_range_zero (f : ℕ → M) : ∑ x ∈ range 0, f x = 0 := rfl

theorem sum_range_succ (f : ℕ → M) (n : ℕ) : ∑ x ∈ range (n + 1), f x = ∑ x ∈ range n, f x + f n := by
  rw [range_add_one, sum_insert notMem_range_self, AddCommMonoid.add_comm]

theorem sum_range_one (f : ℕ → M) : ∑ x ∈ range 1, f x = f 0 := by
  rw [sum_range_succ, sum_range_zero, AddCommMonoid.zero_add]

@[simp] theorem sum_singleton (f : ι → M) (a : ι) : ∑ x ∈ ({a} : Finset ι), f x = f a := by
  show f a + 0 = f a
  rw [AddCommMonoid.add_comm, AddCommMonoid.zero_add]

theorem sum_range_succ' (f : ℕ → M) (n : ℕ) : ∑ x ∈ range (n + 1), f x = ∑ x ∈ range n, f (x + 1) + f 0 := by
  induction n with
  | zero => rw [sum_range_succ]; rfl
  | succ n ih =>
    rw [sum_range_succ, ih, sum_range_succ, AddCommMonoid.add_assoc, AddCommMonoid.add_comm (f 0),
      ← AddCommMonoid.add_assoc]

theorem sum_Icc_succ_top {a b : ℕ} (h : a ≤ b + 1) (f : ℕ → M) :
    ∑ k ∈ Icc a (b + 1), f k = ∑ k ∈ Icc a b, f k + f (b + 1) := by
  have : Icc a (b + 1) = Insert.insert (b + 1) (Icc a b) := by ext; simp; omega
  rw [this, sum_insert (by simp), AddCommMonoid.add_comm]

theorem sum_Ico_succ_top {a b : ℕ} (h : a ≤ b) (f : ℕ → M) :
    ∑ k ∈ Ico a (b + 1), f k = ∑ k ∈ Ico a b, f k + f b := by
  have : Ico a (b + 1) = Insert.insert b (Ico a b) := by ext; simp; omega
  rw [this, sum_insert (by simp), AddCommMonoid.add_comm]

theorem sum_add_distrib : ∑ i ∈ s, (f i + g i) = ∑ i ∈ s, f i + ∑ i ∈ s, g i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (AddCommMonoid.zero_add (0 : M)).symm
  | insert n ih =>
    rw [sum_insert n, sum_insert n, sum_insert n, ih]
    rename_i a s
    rw [AddCommMonoid.add_assoc, AddCommMonoid.add_assoc, ← AddCommMonoid.add_assoc (g a),
      AddCommMonoid.add_comm (g a), AddCommMonoid.add_assoc]

@[simp] theorem sum_const_zero : ∑ _i ∈ s, (0 : M) = 0 := by
  classical
  induction s using Finset.induction_on with
  | empty => rfl
  | insert n ih => rw [sum_insert n, ih, AddCommMonoid.zero_add]

theorem sum_eq_zero (h : ∀ x, x ∈ s → f x = 0) : ∑ x ∈ s, f x = 0 :=
  (sum_congr rfl h).trans sum_const_zero

end

section
variable {ι : Type u} {M : Type v} [CommMonoid M] {s t : Finset ι} {f g : ι → M}

@[simp] theorem prod_empty : ∏ x ∈ (∅ : Finset ι), f x = 1 := rfl

@[simp] theorem prod_insert [DecidableEq ι] {a : ι} (h : ¬a ∈ s) :
    ∏ x ∈ Insert.insert a s, f x = f a * ∏ x ∈ s, f x := by
  revert h
  refine coe_ofList_induction (motive := fun s => ¬a ∈ s → ∏ x ∈ Insert.insert a s, f x = f a * ∏ x ∈ s, f x) (fun l hl h => ?_) s
  rw [insert_eq_ofNodup h]; rfl

theorem prod_congr (h : s = t) (e : ∀ x, x ∈ t → f x = g x) : s.prod f = t.prod g := by
  classical
  subst h
  induction s using Finset.induction_on with
  | empty => rfl
  | insert n ih =>
    rw [prod_insert n, prod_insert n, e _ (mem_insert_self _ _), ih fun x hx => e x (mem_insert_of_mem hx)]

theorem prod_range_zero (f : ℕ → M) : ∏ x ∈ range 0, f x = 1 := rfl

theorem prod_range_succ (f : ℕ → M) (n : ℕ) : ∏ x ∈ range (n + 1), f x = (∏ x ∈ range n, f x) * f n := by
  rw [range_add_one, prod_insert notMem_range_self, CommMonoid.mul_comm]

theorem prod_range_one (f : ℕ → M) : ∏ x ∈ range 1, f x = f 0 := by
  rw [prod_range_succ, prod_range_zero, CommMonoid.one_mul]

@[simp] theorem prod_singleton (f : ι → M) (a : ι) : ∏ x ∈ ({a} : Finset ι), f x = f a := by
  show f a * 1 = f a
  rw [CommMonoid.mul_comm, CommMonoid.one_mul]

theorem prod_range_succ' (f : ℕ → M) (n : ℕ) :
    ∏ x ∈ range (n + 1), f x = (∏ x ∈ range n, f (x + 1)) * f 0 := by
  induction n with
  | zero => rw [prod_range_succ]; rfl
  | succ n ih =>
    rw [prod_range_succ, ih, prod_range_succ, CommMonoid.mul_assoc, CommMonoid.mul_comm (f 0),
      ← CommMonoid.mul_assoc]

theorem prod_Icc_succ_top {a b : ℕ} (h : a ≤ b + 1) (f : ℕ → M) :
    ∏ k ∈ Icc a (b + 1), f k = (∏ k ∈ Icc a b, f k) * f (b + 1) := by
  have : Icc a (b + 1) = Insert.insert (b + 1) (Icc a b) := by ext; simp; omega
  rw [this, prod_insert (by simp), CommMonoid.mul_comm]

theorem prod_Ico_succ_top {a b : ℕ} (h : a ≤ b) (f : ℕ → M) :
    ∏ k ∈ Ico a (b + 1), f k = (∏ k ∈ Ico a b, f k) * f b := by
  have : Ico a (b + 1) = Insert.insert b (Ico a b) := by ext; simp; omega
  rw [this, prod_insert (by simp), CommMonoid.mul_comm]

@[simp] theorem prod_const_one : ∏ _i ∈ s, (1 : M) = 1 := by
  classical
  induction s using Finset.induction_on with
  | empty => rfl
  | insert n ih => rw [prod_insert n, ih, CommMonoid.one_mul]

end
end Finset
