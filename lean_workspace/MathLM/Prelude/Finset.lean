import MathLM.Prelude.Multiset

/-! Finite sets: a multiset without repetition, as in Mathlib. Concrete ones reduce in the kernel. -/

structure Finset (α : Type u) where
  val : Multiset α
  nodup : val.Nodup

namespace Finset
variable {α : Type u} {β : Type v} {s t r : Finset α} {a b : α}

instance : Membership α (Finset α) := ⟨fun s a => a ∈ s.val⟩

@[simp] theorem mem_val : a ∈ s.val ↔ a ∈ s := Iff.rfl
@[simp] theorem mem_mk {m : Multiset α} {h : m.Nodup} : a ∈ (⟨m, h⟩ : Finset α) ↔ a ∈ m := Iff.rfl

@[ext] theorem ext {s t : Finset α} (h : ∀ a, a ∈ s ↔ a ∈ t) : s = t := by
  cases s with | _ s hs => cases t with | _ t ht =>
  have : s = t := Multiset.eq_of_nodup hs ht h
  subst this; rfl

/-- The finite set of the items of a list without repetition. -/
def ofNodup (l : List α) (h : l.Nodup) : Finset α := ⟨Multiset.ofList l, h⟩

@[simp] theorem mem_ofNodup {l : List α} {h : l.Nodup} : a ∈ ofNodup l h ↔ a ∈ l := Iff.rfl

instance : Coe (Finset α) (Set α) := ⟨fun s => {a | a ∈ s}⟩
instance : HasSubset (Finset α) := ⟨fun s t => ∀ ⦃a⦄, a ∈ s → a ∈ t⟩
instance : LE (Finset α) := ⟨fun s t => s ⊆ t⟩
instance : HasSSubset (Finset α) := ⟨fun s t => s ⊆ t ∧ ¬t ⊆ s⟩
instance : EmptyCollection (Finset α) := ⟨ofNodup [] .nil⟩
instance : Inhabited (Finset α) := ⟨∅⟩
instance : Singleton α (Finset α) := ⟨fun a => ofNodup [a] (by simp)⟩
instance [DecidableEq α] : Insert α (Finset α) := ⟨fun a s => ⟨s.val.ndinsert a, s.nodup.ndinsert⟩⟩

def card (s : Finset α) : ℕ := s.val.card
def filter (p : α → Prop) [DecidablePred p] (s : Finset α) : Finset α := ⟨s.val.filter p, s.nodup.filter⟩
def image [DecidableEq β] (f : α → β) (s : Finset α) : Finset β := ⟨(s.val.map f).dedup, Multiset.nodup_dedup _⟩
def erase [DecidableEq α] (s : Finset α) (a : α) : Finset α := ⟨s.val.erase a, s.nodup.erase⟩
protected def Nonempty (s : Finset α) : Prop := ∃ x, x ∈ s
def toSet (s : Finset α) : Set α := {a | a ∈ s}
def range (n : ℕ) : Finset ℕ := ofNodup (List.range n) List.nodup_range
def map (f : α → β) (hf : Function.Injective f) (s : Finset α) : Finset β :=
  ⟨s.val.map f, Quotient.inductionOn (motive := fun m => Multiset.Nodup m → (Multiset.map f m).Nodup) s.val
    (fun _ h => List.nodup_map_of_injective hf h) s.nodup⟩
def fold (f : α → β → β) (comm : ∀ a b c, f a (f b c) = f b (f a c)) (init : β) (s : Finset α) : β :=
  s.val.foldr f comm init

instance [DecidableEq α] : Union (Finset α) := ⟨fun s t => s.fold Insert.insert (fun a b c => by
  apply ext; intro x; show x ∈ Multiset.ndinsert _ _ ↔ x ∈ Multiset.ndinsert _ _
  simp [Insert.insert]; grind) t⟩
instance [DecidableEq α] (a : α) (s : Finset α) : Decidable (a ∈ s) := Multiset.decidableMem a s.val
instance [DecidableEq α] : Inter (Finset α) := ⟨fun s t => s.filter (· ∈ t)⟩
instance [DecidableEq α] : SDiff (Finset α) := ⟨fun s t => s.filter fun a => ¬a ∈ t⟩
instance decidableDforall {p : α → Prop} [DecidablePred p] : Decidable (∀ a, a ∈ s → p a) :=
  Multiset.decidableForall s.val
instance decidableDexists {p : α → Prop} [DecidablePred p] : Decidable (∃ a, a ∈ s ∧ p a) :=
  Multiset.decidableExists s.val
instance [DecidableEq α] : Decidable (s ⊆ t) := inferInstanceAs (Decidable (∀ a, a ∈ s → a ∈ t))
instance [DecidableEq α] : DecidableEq (Finset α) := fun s t =>
  decidable_of_iff ((∀ a, a ∈ s → a ∈ t) ∧ ∀ a, a ∈ t → a ∈ s)
    ⟨fun h => ext fun a => ⟨h.1 a, h.2 a⟩, fun h => h ▸ ⟨fun _ h => h, fun _ h => h⟩⟩

@[simp, grind =] theorem mem_range {n m : ℕ} : m ∈ range n ↔ m < n := List.mem_range
@[simp, grind =] theorem mem_filter {p : α → Prop} [DecidablePred p] : a ∈ filter p s ↔ a ∈ s ∧ p a :=
  Multiset.mem_filter
@[simp, grind =] theorem mem_insert [DecidableEq α] : a ∈ (Insert.insert b s : Finset α) ↔ a = b ∨ a ∈ s :=
  Multiset.mem_ndinsert
@[simp, grind =] theorem mem_singleton : a ∈ ({b} : Finset α) ↔ a = b := List.mem_singleton
@[simp, grind ←] theorem notMem_empty (a : α) : ¬a ∈ (∅ : Finset α) := List.not_mem_nil
@[simp, grind =] theorem mem_image [DecidableEq β] {f : α → β} {b : β} : b ∈ s.image f ↔ ∃ a, a ∈ s ∧ f a = b := by
  show b ∈ Multiset.dedup _ ↔ _
  rw [Multiset.mem_dedup]; exact Multiset.mem_map
@[simp, grind =] theorem mem_map {f : α → β} {hf : Function.Injective f} {b : β} :
    b ∈ s.map f hf ↔ ∃ a, a ∈ s ∧ f a = b := Multiset.mem_map (s := s.val)
@[simp, grind =] theorem mem_erase [DecidableEq α] : a ∈ s.erase b ↔ a ≠ b ∧ a ∈ s := s.nodup.mem_erase
@[simp, grind =] theorem mem_inter [DecidableEq α] : a ∈ s ∩ t ↔ a ∈ s ∧ a ∈ t := mem_filter
@[simp, grind =] theorem mem_sdiff [DecidableEq α] : a ∈ s \ t ↔ a ∈ s ∧ ¬a ∈ t := mem_filter
@[simp] theorem mem_coe : a ∈ ({x | x ∈ s} : Set α) ↔ a ∈ s := Iff.rfl

theorem coe_ofList_induction {motive : Finset α → Prop} (h : ∀ l hl, motive (ofNodup l hl)) (s : Finset α) :
    motive s := by
  cases s with | _ m hm =>
  revert hm
  exact Quotient.inductionOn m fun l hl => h l hl

@[simp, grind =] theorem mem_union [DecidableEq α] : a ∈ s ∪ t ↔ a ∈ s ∨ a ∈ t := by
  refine coe_ofList_induction (motive := fun s => a ∈ s ∪ t ↔ a ∈ s ∨ a ∈ t) (fun l hl => ?_) s
  show a ∈ List.foldr Insert.insert t l ↔ a ∈ l ∨ a ∈ t
  clear hl
  induction l with
  | nil => simp
  | cons b l ih => simp [ih, or_assoc]

theorem subset_iff : s ⊆ t ↔ ∀ ⦃x⦄, x ∈ s → x ∈ t := Iff.rfl
grind_pattern subset_iff => s ⊆ t
theorem Subset.refl (s : Finset α) : s ⊆ s := fun _ h => h
theorem Subset.trans (h : s ⊆ t) (h' : t ⊆ r) : s ⊆ r := fun _ k => h' (h k)
theorem Subset.antisymm (h : s ⊆ t) (h' : t ⊆ s) : s = t := ext fun _ => ⟨(h ·), (h' ·)⟩
theorem filter_subset (p : α → Prop) [DecidablePred p] (s : Finset α) : filter p s ⊆ s :=
  fun _ h => (mem_filter.1 h).1
theorem empty_subset (s : Finset α) : ∅ ⊆ s := fun a h => (notMem_empty a h).elim
theorem mem_insert_self [DecidableEq α] (a : α) (s : Finset α) : a ∈ (Insert.insert a s : Finset α) := by simp
theorem mem_insert_of_mem [DecidableEq α] (h : a ∈ s) : a ∈ (Insert.insert b s : Finset α) := by simp [h]
theorem mem_of_mem_filter {p : α → Prop} [DecidablePred p] (h : a ∈ filter p s) : a ∈ s := (mem_filter.1 h).1
theorem mem_range_succ_iff {a b : ℕ} : a ∈ range (b + 1) ↔ a ≤ b := by simp; omega
theorem self_mem_range_succ (n : ℕ) : n ∈ range (n + 1) := by simp
theorem eq_empty_iff_forall_notMem : s = ∅ ↔ ∀ x, ¬x ∈ s :=
  ⟨fun h x => h ▸ notMem_empty x, fun h => ext fun x => ⟨fun k => (h x k).elim, fun k => (notMem_empty x k).elim⟩⟩
theorem filter_filter (p q : α → Prop) [DecidablePred p] [DecidablePred q] (s : Finset α) :
    (s.filter p).filter q = s.filter fun a => p a ∧ q a := by ext; simp [and_assoc]
theorem filter_congr {p q : α → Prop} [DecidablePred p] [DecidablePred q] (h : ∀ x, x ∈ s → (p x ↔ q x)) :
    s.filter p = s.filter q := by ext x; simp; exact fun hx => h x hx
@[simp] theorem filter_true (s : Finset α) : s.filter (fun _ => True) = s := by ext; simp
@[simp] theorem filter_false (s : Finset α) : s.filter (fun _ => False) = ∅ := by ext; simp
@[simp] theorem range_zero : range 0 = ∅ := rfl
theorem range_one : range 1 = {0} := rfl
theorem range_add_one {n : ℕ} : range (n + 1) = Insert.insert n (range n) := by ext; simp; omega
theorem range_succ {n : ℕ} : range (n + 1) = Insert.insert n (range n) := range_add_one
theorem range_subset {n m : ℕ} : range n ⊆ range m ↔ n ≤ m := by
  constructor
  · intro h
    rcases n with _ | n
    · omega
    · have := h (show n ∈ range (n + 1) by simp)
      simp at this; omega
  · intro h x; simp; omega
theorem notMem_range_self {n : ℕ} : ¬n ∈ range n := by simp
theorem insert_eq_of_mem [DecidableEq α] (h : a ∈ s) : Insert.insert a s = s := by ext; simp; grind
theorem insert_erase [DecidableEq α] (h : a ∈ s) : Insert.insert a (s.erase a) = s := by ext; simp; grind
theorem union_comm [DecidableEq α] (s t : Finset α) : s ∪ t = t ∪ s := by ext; simp; grind
theorem inter_comm [DecidableEq α] (s t : Finset α) : s ∩ t = t ∩ s := by ext; simp; grind

protected theorem induction_on [DecidableEq α] {p : Finset α → Prop} (s : Finset α) (empty : p ∅)
    (insert : ∀ ⦃a : α⦄ {s : Finset α}, ¬a ∈ s → p s → p (Insert.insert a s)) : p s := by
  refine coe_ofList_induction (motive := p) (fun l hl => ?_) s
  induction l with
  | nil => exact empty
  | cons a l ih =>
    have h := List.nodup_cons.1 hl
    have e : ofNodup (a :: l) hl = Insert.insert a (ofNodup l h.2) := by ext; simp
    rw [e]
    exact insert (by simpa using h.1) (ih h.2)

protected theorem induction [DecidableEq α] {p : Finset α → Prop} (empty : p ∅)
    (insert : ∀ ⦃a : α⦄ {s : Finset α}, ¬a ∈ s → p s → p (Insert.insert a s)) (s : Finset α) : p s :=
  Finset.induction_on s empty insert

/-! ### Intervals -/

end Finset

/-- Orders whose closed intervals are finite sets. -/
class LocallyFiniteOrder (α : Type u) [LE α] [LT α] where
  finsetIcc : α → α → Finset α
  finsetIco : α → α → Finset α
  finsetIoc : α → α → Finset α
  finsetIoo : α → α → Finset α
  finset_mem_Icc : ∀ a b x : α, x ∈ finsetIcc a b ↔ a ≤ x ∧ x ≤ b
  finset_mem_Ico : ∀ a b x : α, x ∈ finsetIco a b ↔ a ≤ x ∧ x < b
  finset_mem_Ioc : ∀ a b x : α, x ∈ finsetIoc a b ↔ a < x ∧ x ≤ b
  finset_mem_Ioo : ∀ a b x : α, x ∈ finsetIoo a b ↔ a < x ∧ x < b

namespace Finset

/-- `n` natural numbers from `a` on. -/
def natFrom (a n : ℕ) : Finset ℕ := ofNodup (List.range' a n) (List.nodup_range' 1)

theorem mem_natFrom {a n x : ℕ} : x ∈ natFrom a n ↔ a ≤ x ∧ x < a + n := List.mem_range'_1

/-- `n` integers from `a` on. -/
def intFrom (a : ℤ) (n : ℕ) : Finset ℤ :=
  ofNodup ((List.range n).map fun k : ℕ => a + (k : ℤ))
    (List.nodup_map_of_injective (fun (_ _ : ℕ) h => by omega) List.nodup_range)

theorem mem_intFrom {a x : ℤ} {n : ℕ} : x ∈ intFrom a n ↔ a ≤ x ∧ x < a + n := by
  simp only [intFrom, mem_ofNodup, List.mem_map, List.mem_range]
  exact ⟨fun ⟨k, h, e⟩ => by omega, fun h => ⟨(x - a).toNat, by omega, by omega⟩⟩

end Finset

instance : LocallyFiniteOrder ℕ where
  finsetIcc a b := Finset.natFrom a (b + 1 - a)
  finsetIco a b := Finset.natFrom a (b - a)
  finsetIoc a b := Finset.natFrom (a + 1) (b - a)
  finsetIoo a b := Finset.natFrom (a + 1) (b - a - 1)
  finset_mem_Icc a b x := by rw [Finset.mem_natFrom]; omega
  finset_mem_Ico a b x := by rw [Finset.mem_natFrom]; omega
  finset_mem_Ioc a b x := by rw [Finset.mem_natFrom]; omega
  finset_mem_Ioo a b x := by rw [Finset.mem_natFrom]; omega

instance : LocallyFiniteOrder ℤ where
  finsetIcc a b := Finset.intFrom a (b + 1 - a).toNat
  finsetIco a b := Finset.intFrom a (b - a).toNat
  finsetIoc a b := Finset.intFrom (a + 1) (b - a).toNat
  finsetIoo a b := Finset.intFrom (a + 1) (b - a - 1).toNat
  finset_mem_Icc a b x := by rw [Finset.mem_intFrom]; omega
  finset_mem_Ico a b x := by rw [Finset.mem_intFrom]; omega
  finset_mem_Ioc a b x := by rw [Finset.mem_intFrom]; omega
  finset_mem_Ioo a b x := by rw [Finset.mem_intFrom]; omega

namespace Finset
section
variable {α : Type u} [LE α] [LT α] [LocallyFiniteOrder α] {a b x : α}

def Icc (a b : α) : Finset α := LocallyFiniteOrder.finsetIcc a b
def Ico (a b : α) : Finset α := LocallyFiniteOrder.finsetIco a b
def Ioc (a b : α) : Finset α := LocallyFiniteOrder.finsetIoc a b
def Ioo (a b : α) : Finset α := LocallyFiniteOrder.finsetIoo a b

@[simp, grind =] theorem mem_Icc : x ∈ Icc a b ↔ a ≤ x ∧ x ≤ b := LocallyFiniteOrder.finset_mem_Icc a b x
@[simp, grind =] theorem mem_Ico : x ∈ Ico a b ↔ a ≤ x ∧ x < b := LocallyFiniteOrder.finset_mem_Ico a b x
@[simp, grind =] theorem mem_Ioc : x ∈ Ioc a b ↔ a < x ∧ x ≤ b := LocallyFiniteOrder.finset_mem_Ioc a b x
@[simp, grind =] theorem mem_Ioo : x ∈ Ioo a b ↔ a < x ∧ x < b := LocallyFiniteOrder.finset_mem_Ioo a b x

end

theorem range_eq_Ico (n : ℕ) : range n = Ico 0 n := by ext; simp
theorem Ico_succ_right {a b : ℕ} : Ico a (b + 1) = Icc a b := by ext; simp; omega
theorem Icc_self (a : ℕ) : Icc a a = {a} := by ext; simp; omega

end Finset
