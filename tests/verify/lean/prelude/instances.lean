import Mathlib

/-! Instances of definitions that no algorithm decides, true and false, each with its proof. -/

theorem existsunique : (∃! n : ℕ, n + 1 = 3) := ⟨2, rfl, fun y h => by omega⟩
theorem existsunique_false : ¬∃! n : ℕ, n < 2 := fun ⟨x, _, u⟩ => by have := u 0 (by omega); have := u 1 (by omega); omega
theorem bijective : Function.Bijective (fun n : ℤ => n + 1) := ⟨fun a b h => by simp at h; omega, fun b => ⟨b - 1, by simp⟩⟩
theorem bijective_false : ¬Function.Bijective (fun n : ℕ => n + 1) := fun h => by obtain ⟨a, h⟩ := h.2 0; simp at h
theorem involutive : Function.Involutive (fun n : ℤ => -n) := fun n => Int.neg_neg n
theorem involutive_false : ¬Function.Involutive (fun n : ℤ => n + 1) := fun h => by have := h 0; simp at this
theorem isfixedpt : Function.IsFixedPt (fun n : ℕ => n * n) 1 := rfl
theorem isfixedpt_false : ¬Function.IsFixedPt (fun n : ℕ => n * n) 2 := by unfold Function.IsFixedPt; decide
theorem monotone : Monotone (fun n : ℕ => n / 2) := fun a b h => by show a / 2 ≤ b / 2; omega
theorem strictmono_false : ¬StrictMono (fun n : ℕ => n / 2) := fun h => by have := h (show 0 < 1 by decide); simp at this
theorem antitone : Antitone (fun n : ℤ => -n) := fun a b h => by show -b ≤ -a; omega
theorem strictanti : StrictAnti (fun n : ℤ => -n) := fun a b h => by show -b < -a; omega
theorem iscoprime : IsCoprime (8 : ℤ) 9 := ⟨-1, 1, by decide⟩
theorem iscoprime_false : ¬IsCoprime (8 : ℤ) 6 := fun ⟨a, b, h⟩ => by omega
theorem isunit : IsUnit (-1 : ℤ) := ⟨-1, by decide⟩
theorem isunit_false : ¬IsUnit (2 : ℤ) := fun ⟨b, h⟩ => by omega
theorem isleast : IsLeast {n : ℕ | 2 < n} 3 := ⟨by simp, fun a h => by simp at h; omega⟩
theorem isleast_false : ¬IsLeast {n : ℕ | 2 < n} 4 := fun h => by have := h.2 (show 3 ∈ {n : ℕ | 2 < n} by simp); omega
theorem isgreatest : IsGreatest {n : ℤ | n < 5} 4 := ⟨by simp, fun a h => by simp at h; omega⟩
theorem upperbounds : (4 : ℕ) ∈ upperBounds (Set.Icc 1 4) := fun a h => by simp at h; omega
theorem lowerbounds : (1 : ℕ) ∈ lowerBounds (Set.Icc 1 4) := fun a h => by simp at h; omega
theorem bddabove_false : ¬BddAbove (Set.univ : Set ℕ) := fun ⟨b, h⟩ => by have := h (Set.mem_univ (b + 1)); omega
theorem bddbelow : BddBelow (Set.univ : Set ℕ) := ⟨0, fun a _ => Nat.zero_le a⟩
theorem ici_iic_ioi_iio : (3 : ℕ) ∈ Set.Ici 3 ∧ (3 : ℕ) ∈ Set.Iic 3 ∧ (3 : ℕ) ∉ Set.Ioi 3 ∧ (3 : ℕ) ∉ Set.Iio 3 := by simp
theorem preimage_compl : (3 : ℕ) ∈ (fun n : ℕ => n + 1) ⁻¹' {4} ∧ (3 : ℕ) ∉ ({3} : Set ℕ)ᶜ := by simp
theorem injon : Set.InjOn (fun n : ℤ => n * n) (Set.Ici 0) := fun a ha b hb h => (mul_self_inj ha hb).1 h
theorem mapsto : Set.MapsTo (fun n : ℕ => n + 1) (Set.Icc 0 2) (Set.Icc 1 3) := fun x h => by simp at h ⊢; omega
theorem surjon_false : ¬Set.SurjOn (fun n : ℕ => n + 1) Set.univ Set.univ := fun h => by have := h (Set.mem_univ 0); simp at this
theorem nonempty : (Set.Icc 1 3 : Set ℕ).Nonempty ∧ (Finset.range 1).Nonempty := ⟨⟨1, by simp⟩, ⟨0, by simp⟩⟩
