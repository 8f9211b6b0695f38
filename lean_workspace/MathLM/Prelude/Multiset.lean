import MathLM.Prelude.Set

/-! Multisets: lists up to order. Only what finite sets need. -/

namespace List
variable {α : Type u} {β : Type v}

/-- The first occurrences dropped, the last ones kept, as in Mathlib. -/
def dedup [DecidableEq α] (l : List α) : List α := l.foldr List.insert []

theorem nodup_insert_of_nodup [DecidableEq α] {a : α} {l : List α} (h : l.Nodup) : (l.insert a).Nodup := by
  by_cases m : a ∈ l
  · rw [List.insert_of_mem m]; exact h
  · rw [List.insert_of_not_mem m]; exact nodup_cons.2 ⟨m, h⟩

theorem nodup_foldr_insert [DecidableEq α] {l s : List α} (h : s.Nodup) : (l.foldr List.insert s).Nodup := by
  induction l with
  | nil => exact h
  | cons a l ih => exact nodup_insert_of_nodup ih

theorem mem_foldr_insert [DecidableEq α] {l s : List α} {a : α} : a ∈ l.foldr List.insert s ↔ a ∈ l ∨ a ∈ s := by
  induction l with
  | nil => simp
  | cons b l ih => simp [ih, or_assoc]

theorem nodup_dedup [DecidableEq α] (l : List α) : l.dedup.Nodup := nodup_foldr_insert nodup_nil

@[simp] theorem mem_dedup [DecidableEq α] {l : List α} {a : α} : a ∈ l.dedup ↔ a ∈ l := by
  simp [dedup, mem_foldr_insert]

theorem perm_of_nodup {l₁ l₂ : List α} (h₁ : l₁.Nodup) (h₂ : l₂.Nodup) (h : ∀ a, a ∈ l₁ ↔ a ∈ l₂) : l₁.Perm l₂ := by
  induction l₁ generalizing l₂ with
  | nil =>
    have : l₂ = [] := eq_nil_iff_forall_not_mem.2 fun a m => by simpa using (h a).2 m
    rw [this]
  | cons a l ih =>
    obtain ⟨s, t, rfl⟩ := append_of_mem ((h a).1 (by simp))
    have h₃ : (a :: (s ++ t)).Nodup := (perm_middle.nodup_iff).1 h₂
    refine (Perm.cons a (ih (nodup_cons.1 h₁).2 (nodup_cons.1 h₃).2 fun b => ?_)).trans perm_middle.symm
    have := h b
    have h₄ := (nodup_cons.1 h₁).1
    have h₅ := (nodup_cons.1 h₃).1
    simp only [mem_cons, mem_append] at this h₅ ⊢
    grind

theorem length_le_of_nodup_of_subset {l l' : List α} (hl : l.Nodup) (h : ∀ a, a ∈ l → a ∈ l') :
    l.length ≤ l'.length := by
  induction l generalizing l' with
  | nil => simp
  | cons a l ih =>
    obtain ⟨p, q, rfl⟩ := append_of_mem (h a (by simp))
    have := ih (nodup_cons.1 hl).2 (l' := p ++ q) fun b m => by
      have := h b (by simp [m])
      have n := (nodup_cons.1 hl).1
      simp at this ⊢
      grind
    simp at this ⊢; omega

theorem nodup_map_of_injective {f : α → β} (hf : ∀ a b, f a = f b → a = b) {l : List α} (h : l.Nodup) :
    (l.map f).Nodup := Pairwise.map f (fun _ _ n e => n (hf _ _ e)) h

end List

def Multiset (α : Type u) : Type u := Quotient (List.isSetoid α)

namespace Multiset
variable {α : Type u} {β : Type v}

def ofList (l : List α) : Multiset α := Quotient.mk _ l

instance : Coe (List α) (Multiset α) := ⟨ofList⟩

def Mem (s : Multiset α) (a : α) : Prop :=
  Quotient.liftOn s (fun l => a ∈ l) fun _ _ h => propext h.mem_iff

instance : Membership α (Multiset α) := ⟨Mem⟩

def Nodup (s : Multiset α) : Prop :=
  Quotient.liftOn s List.Nodup fun _ _ h => propext h.nodup_iff

def card (s : Multiset α) : ℕ := Quotient.liftOn s List.length fun _ _ h => h.length_eq

def map (f : α → β) (s : Multiset α) : Multiset β :=
  Quotient.liftOn s (fun l => ofList (l.map f)) fun _ _ h => Quotient.sound (h.map f)

def filter (p : α → Prop) [DecidablePred p] (s : Multiset α) : Multiset α :=
  Quotient.liftOn s (fun l => ofList (l.filter (p ·))) fun _ _ h => Quotient.sound (h.filter _)

def foldr (f : α → β → β) (comm : ∀ a b c, f a (f b c) = f b (f a c)) (init : β) (s : Multiset α) : β :=
  Quotient.liftOn s (fun l => l.foldr f init) fun _ _ h => h.foldr_eq' (fun x _ y _ z => comm y x z) init

def dedup [DecidableEq α] (s : Multiset α) : Multiset α :=
  Quotient.liftOn s (fun l => ofList l.dedup) fun _ _ h =>
    Quotient.sound (List.perm_of_nodup (List.nodup_dedup _) (List.nodup_dedup _) fun a => by simp [h.mem_iff])

def ndinsert [DecidableEq α] (a : α) (s : Multiset α) : Multiset α :=
  Quotient.liftOn s (fun l => ofList (l.insert a)) fun _ _ h => Quotient.sound (h.insert a)

def erase [DecidableEq α] (s : Multiset α) (a : α) : Multiset α :=
  Quotient.liftOn s (fun l => ofList (l.erase a)) fun _ _ h => Quotient.sound (h.erase a)

instance decidableMem [DecidableEq α] (a : α) (s : Multiset α) : Decidable (a ∈ s) :=
  Quotient.recOnSubsingleton s fun l => inferInstanceAs (Decidable (a ∈ l))

instance decidableForall {p : α → Prop} [DecidablePred p] (s : Multiset α) : Decidable (∀ a, a ∈ s → p a) :=
  Quotient.recOnSubsingleton s fun l => inferInstanceAs (Decidable (∀ a, a ∈ l → p a))

instance decidableExists {p : α → Prop} [DecidablePred p] (s : Multiset α) : Decidable (∃ a, a ∈ s ∧ p a) :=
  Quotient.recOnSubsingleton s fun l => inferInstanceAs (Decidable (∃ a, a ∈ l ∧ p a))

@[simp] theorem mem_coe {a : α} {l : List α} : a ∈ ofList l ↔ a ∈ l := Iff.rfl

@[simp] theorem mem_filter {p : α → Prop} [DecidablePred p] {a : α} {s : Multiset α} :
    a ∈ s.filter p ↔ a ∈ s ∧ p a := by
  refine Quotient.inductionOn s fun l => ?_
  show a ∈ l.filter (p ·) ↔ a ∈ l ∧ p a
  simp

@[simp] theorem mem_map {f : α → β} {b : β} {s : Multiset α} : b ∈ s.map f ↔ ∃ a, a ∈ s ∧ f a = b := by
  refine Quotient.inductionOn s fun l => ?_
  show b ∈ l.map f ↔ ∃ a, a ∈ l ∧ f a = b
  simp

@[simp] theorem mem_dedup [DecidableEq α] {a : α} {s : Multiset α} : a ∈ s.dedup ↔ a ∈ s :=
  Quotient.inductionOn s fun _ => List.mem_dedup

@[simp] theorem mem_ndinsert [DecidableEq α] {a b : α} {s : Multiset α} : a ∈ s.ndinsert b ↔ a = b ∨ a ∈ s :=
  Quotient.inductionOn s fun _ => List.mem_insert_iff

theorem nodup_dedup [DecidableEq α] (s : Multiset α) : s.dedup.Nodup :=
  Quotient.inductionOn s fun l => List.nodup_dedup l

theorem Nodup.filter {p : α → Prop} [DecidablePred p] {s : Multiset α} : s.Nodup → (s.filter p).Nodup :=
  Quotient.inductionOn s fun _ h => h.sublist List.filter_sublist

theorem Nodup.ndinsert [DecidableEq α] {a : α} {s : Multiset α} : s.Nodup → (s.ndinsert a).Nodup :=
  Quotient.inductionOn s fun _ h => List.nodup_insert_of_nodup h

theorem Nodup.erase [DecidableEq α] {a : α} {s : Multiset α} : s.Nodup → (s.erase a).Nodup :=
  Quotient.inductionOn s fun _ h => List.Nodup.erase a h

theorem Nodup.mem_erase [DecidableEq α] {a b : α} {s : Multiset α} : s.Nodup → (a ∈ s.erase b ↔ a ≠ b ∧ a ∈ s) :=
  Quotient.inductionOn s fun _ h => List.Nodup.mem_erase_iff h

theorem eq_of_nodup {s t : Multiset α} : s.Nodup → t.Nodup → (∀ a, a ∈ s ↔ a ∈ t) → s = t :=
  Quotient.inductionOn₂ s t fun _ _ hs ht h => Quotient.sound (List.perm_of_nodup hs ht h)

end Multiset
