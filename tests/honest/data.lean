/-! Literals and data: numbers, strings, characters, bits, lists, arrays. -/

theorem large : 123456789012345678901234567890 * 2 = 246913578024691357802469135780 := rfl
theorem large_mod : 2 ^ 200 % 1000007 = 2 ^ 200 % 1000007 := rfl
theorem factor : 2 ^ 32 + 1 = 641 * 6700417 := by decide
theorem large_decide : Nat.gcd 123456789 987654321 = 9 := by decide
theorem large_lcm : Nat.lcm 12 18 = 36 := by decide
theorem string_length : "héllo ∀".length = 7 := by decide
theorem string_append : "ab" ++ "cd" = "abcd" := by decide
theorem string_ne : "a" ≠ "b" := by decide
theorem string_empty : "".length = 0 := by decide
theorem char_value : 'a'.toNat = 97 := rfl
theorem char_escape : '\n'.toNat = 10 := by decide
theorem char_unicode : '∀' ≠ 'A' := by decide
theorem fin_add : (5 : Fin 7) + 4 = 2 := rfl
theorem fin_all : ∀ a b : Fin 5, a * b = b * a := by decide
theorem fin_bound (a : Fin 3) : a.val ≤ 2 := by omega
theorem fin_cases (a : Fin 2) : a = 0 ∨ a = 1 := by revert a; decide
theorem bits_and : (0b1100 : BitVec 4) &&& 0b1010 = 0b1000 := by decide
theorem bits_zero (a : BitVec 32) : a ^^^ a = 0 := by simp
theorem bits_comm (a b : BitVec 64) : a + b = b + a := BitVec.add_comm a b
theorem byte_wrap : (255 : UInt8) + 1 = 0 := by decide
theorem int_neg : (-7 : Int) / 2 = -4 := by decide
theorem int_mod : (-7 : Int) % 2 = 1 := by decide
theorem int_square (a : Int) : 0 ≤ a * a := by
  rcases Int.le_total 0 a with h | h
  · exact Int.mul_nonneg h h
  · exact Int.mul_nonneg_of_nonpos_of_nonpos h h
theorem int_linear (a b : Int) (h : 2 * a + 3 * b = 7) (g : a - b = 1) : a = 2 ∧ b = 1 := by omega
theorem dvd_example : 7 ∣ 1001 := ⟨143, rfl⟩
theorem nat_sub : (3 : Nat) - 5 = 0 := rfl
theorem mod_square (n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1 := by
  have h : n % 4 < 4 := Nat.mod_lt n (by decide)
  rw [Nat.mul_mod]
  generalize n % 4 = r at h
  match r with
  | 0 | 1 | 2 | 3 => simp
theorem list_reverse : [1, 2, 3].reverse = [3, 2, 1] := rfl
theorem list_sum : (List.range 100).sum = 4950 := by decide
theorem list_mem : 5 ∈ [1, 3, 5] := by decide
theorem list_map (l : List Nat) : (l.map fun n => n + 0) = l := by simp
theorem list_filter (l : List Nat) : (l.filter fun _ => true) = l := by simp
theorem list_zip : [1, 2].zip ["a", "b"] = [(1, "a"), (2, "b")] := rfl
theorem list_reverse_reverse (l : List α) : l.reverse.reverse = l := List.reverse_reverse l
theorem list_induction (l : List α) : l = [] ∨ ∃ a m, l = a :: m := by cases l <;> simp
theorem array_size : #[1, 2, 3].size = 3 := rfl
theorem array_push (a : Array Nat) : (a.push 1).size = a.size + 1 := by simp
theorem array_get : #[4, 5, 6][1] = 5 := rfl
theorem option_map (o : Option Nat) : o.map id = o := by cases o <;> rfl
theorem option_bind : (some 3 >>= fun n => some (n + 1)) = some 4 := rfl
theorem product (p : Nat × Nat) : p = (p.fst, p.snd) := rfl
theorem bool_table : ∀ a b c : Bool, (a && (b || c)) = (a && b || a && c) := by decide
theorem bool_reflect (a b : Nat) : (a == b) = true ↔ a = b := by simp
theorem rat_sum : (1 : Rat) / 3 + 1 / 6 = 1 / 2 := by grind
theorem scientific : (25 : Rat) = 2.5 * 10 := by grind
theorem prime_17 : ∀ m, m < 17 → 1 < m → 17 % m ≠ 0 := by decide
theorem pythagoras : ∃ a b c : Nat, 0 < a ∧ a * a + b * b = c * c := ⟨3, 4, 5, by decide⟩
